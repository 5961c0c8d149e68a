"""What people say wrongly of moves: each must be refused, for the reason that stands here."""

from datetime import timedelta
from typing import Final

from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.handover_continued import HandoverContinued
from schemas.problems import ProblemCode
from schemas.vocabulary import LegalBasis, Purpose, WithdrawalReason
from tests.support.district import PARTIES, TOWNS
from tests.support.move_stories import BLOCKING, OWN_WORD, reported
from tests.year.script.course import Course

OFTEN: Final = 0.15
NOWHERE: Final = "06432099"


def plant(course: Course) -> None:
    """Now and then a mistake after all that was said of a move."""
    desk = course.desk
    if not desk.happens(OFTEN):
        return
    sender = course.said[0].event.context.party
    course.wait(sender, timedelta(hours=desk.chance.uniform(1, 30)))
    desk.now = course.now
    mistakes = (_never_reported, _not_continued_by_a_town, _lifted_by_a_stranger)
    desk.chance.choice((*mistakes, _to_nowhere, _by_another_power, _at_no_carrier))(course)


def _never_reported(course: Course) -> None:
    """A move is withdrawn that nobody reported."""
    reason = WithdrawalReason.ENTERED_IN_ERROR
    data = AddressChangeWithdrawn(withdraws="nothing-1", reason=reason)
    other = course.desk.subject("U")
    course.say(_sender(course), data, OWN_WORD, wrong=ProblemCode.CASE_UNKNOWN, subject=other)


def _not_continued_by_a_town(course: Course) -> None:
    """A municipality says what only a carrier may say."""
    data = HandoverContinued(continued_since=course.now.date())
    why = (LegalBasis.SGB10_2_3, Purpose.JURISDICTION)
    course.say(TOWNS[3].ags, data, why, wrong=ProblemCode.SENDER_NOT_PERMITTED)


def _lifted_by_a_stranger(course: Course) -> None:
    """A block is lifted by a town that has no part in the case."""
    ags = {saying.event.context.party for saying in course.said}
    for saying in course.said:
        if isinstance(saying.event.data, AddressChangeReported):
            ags |= {saying.event.data.old_ags, saying.event.data.new_ags}
    stranger = course.desk.chance.choice([ags_ for ags_ in PARTIES[1:] if ags_ not in ags])
    data = DisclosureBlockLifted(client_id="P-unknown", lifted_on=course.now.date())
    course.say(stranger, data, BLOCKING, wrong=ProblemCode.NOT_A_PARTICIPANT)


def _to_nowhere(course: Course) -> None:
    """Somebody moved to a municipality of the district that does not exist."""
    data = _another(course).model_copy(update={"new_ags": NOWHERE})
    other = course.desk.subject("U")
    course.say(_sender(course), data, OWN_WORD, wrong=ProblemCode.AREA_UNKNOWN, subject=other)


def _by_another_power(course: Course) -> None:
    """A move is told on a power that the sender has not declared."""
    why = (LegalBasis.SGB1_17, Purpose.RESIDENCE)
    wrong, other = ProblemCode.LEGAL_BASIS_NOT_PERMITTED, course.desk.subject("U")
    course.say(_sender(course), _another(course), why, wrong=wrong, subject=other)


def _at_no_carrier(course: Course) -> None:
    """The case is said to be open where nobody pays benefits."""
    data = _another(course).model_copy(update={"case_open_at": TOWNS[0].ags})
    other = course.desk.subject("U")
    course.say(_sender(course), data, OWN_WORD, wrong=ProblemCode.RECIPIENT_UNKNOWN, subject=other)


def _another(course: Course) -> AddressChangeReported:
    desk = course.desk
    home = desk.town()
    return reported(desk, _sender(course), home, home, case_open_at=None)


def _sender(course: Course) -> str:
    return course.said[0].event.context.party
