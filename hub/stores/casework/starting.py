"""Begins a case by hand: a referral, or a support offer."""

from hub.casework import acting, speaking
from hub.casework.desk import Terms
from hub.casework.fold import fold
from hub.casework.happenings import Spoken
from hub.casework.progress import Here
from hub.domain.case import Case
from hub.stores.casework import said
from hub.stores.casework.saying import SAID, is_repeated
from hub.stores.casework.unit import Unit
from schemas.data import Data
from schemas.events.referral_requested import ReferralRequested


def start(unit: Unit, here: Here, data: Data, terms: Terms, clerk: str, form: str) -> str:
    """Send a referral or publish an offer, as a case of its own; returns the case's number.

    Raises WouldBeRefused, AlreadySent.
    """
    name = speaking.event_id(here.party, form)
    before = said.found(unit.connection, name)
    if before is not None and is_repeated(before, data):
        return str(before["aggregateid"])
    case = speaking.case_number(here.party, form, unit.now)
    event = speaking.event(here, case, data, terms, (name, unit.now), speaking.Because())
    to = speaking.recipients(event, Case(), here, is_heard=False)
    said.put(unit.connection, event)
    unit.record(case, clerk, SAID, name)
    asked = to[0] if isinstance(data, ReferralRequested) else None
    after = fold(None, case, Spoken(unit.now, name, data, asked), here)
    return unit.keep(acting.taken_on(after, clerk)).file.case
