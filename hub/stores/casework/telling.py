"""Tells the hub, once, that somebody here has opened a referral; the hub tells its sender."""

from dataclasses import replace

from hub.casework import speaking
from hub.casework.delivering import Kept
from hub.casework.progress import Here
from hub.stores.casework import reasons, said
from hub.stores.casework.unit import Unit
from schemas.events.referral_opened import ReferralOpened


def tell(unit: Unit, case: str, here: Here) -> Kept:
    """Put it into the outbox, unless somebody was faster; the case as it stands then."""
    before = unit.case(case)
    certain = before.course.certain
    if certain.life is None or not certain.is_unopened(here):
        return before
    name = speaking.opening_id(here.party, case, certain.life.requested_at)
    if said.found(unit.connection, name) is None:
        why = reasons.of_case(unit.connection, here.party, case)
        data = ReferralOpened()
        terms = speaking.answering(why.terms, data, here)
        event = speaking.event(here, case, data, terms, (name, unit.now), why.because)
        said.put(unit.connection, event)
    course = replace(before.course, certain=certain.opened(unit.now))
    return unit.keep(Kept(before.file, course), matters=False)
