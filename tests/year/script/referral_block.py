"""An Auskunftssperre (BMG §51) on a referral's case, set and lifted where the client lives."""

from datetime import timedelta

from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.referral_requested import ReferralRequested
from tests.support.move_stories import BLOCKING
from tests.year.script.referral_case import ReferralCase


def shield(case: ReferralCase) -> None:
    """The client's municipality protects them; half of these blocks are lifted soon."""
    data, course = case.asked.data, case.course
    if not isinstance(data, ReferralRequested):
        return
    client, town = data.client.client_id, data.client.ags
    case.soon(town)
    begins = course.now.date()
    until = begins + timedelta(days=700)
    block = DisclosureBlockSet(client_id=client, valid_from=begins, valid_until=until)
    course.say(town, block, BLOCKING)
    if case.happens(0.5):
        case.soon(town)
        lifted = DisclosureBlockLifted(client_id=client, lifted_on=course.now.date())
        course.say(town, lifted, BLOCKING)
