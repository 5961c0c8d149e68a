"""Says something on a case: its file, the outbox and the record change in one transaction."""

from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping

from hub.casework import acting, showing, speaking
from hub.casework.case_file import CaseFile, Kind
from hub.casework.delivering import Kept
from hub.casework.fold import fold
from hub.casework.happenings import Spoken
from hub.casework.progress import Here
from hub.casework.refusals import AlreadySent, StepNotAllowed, WouldBeRefused
from hub.domain import life_cycle
from hub.domain.case import Case
from hub.domain.refusal import Refusal
from hub.stores.casework import reasons, said
from hub.stores.casework.unit import Unit
from schemas.data import Data
from schemas.events.handover_continued import HandoverContinued
from schemas.events.ledger_recorded import HandoverState
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.topics import SUPPORT_OFFERS

SAID: Final = "said"


def say(
    unit: Unit, here: Here, case: str, data: Data, clerk: str, version: int, form: str
) -> CaseFile:
    """Say a step of a referral, that a hand-over is continued, or news of an offer of one's own.

    Raises CaseNotHere, ClaimedByAnother, ChangedMeanwhile, StepNotAllowed, WouldBeRefused,
    AlreadySent.
    """
    name = speaking.event_id(here.party, form)
    kept = unit.case(case)
    if is_repeated(said.found(unit.connection, name), data):
        return kept.file
    acting.check(kept.file, clerk, version)
    _check_may(kept, data, here, unit.now)
    why = reasons.of_case(unit.connection, here.party, case)
    terms = speaking.answering(why.terms, data, here)
    event = speaking.event(here, case, data, terms, (name, unit.now), why.because)
    is_heard = not isinstance(data, ReferralStatusChanged)
    speaking.recipients(event, _routed(kept, here), here, is_heard=is_heard)
    said.put(unit.connection, event)
    unit.record(case, clerk, SAID, name)
    after = fold(kept, case, Spoken(unit.now, name, data), here)
    return unit.keep(acting.taken_on(after, clerk)).file


def is_repeated(row: RowMapping | None, data: Data) -> bool:
    """Whether this was said before; raises AlreadySent if it was something else."""
    if row is None:
        return False
    if (row["type"], row["payload"]) != (data.wire_type(), said.content(data)):
        raise AlreadySent(row["aggregateid"])
    return True


def _check_may(kept: Kept, data: Data, here: Here, now: datetime) -> None:
    """Raise StepNotAllowed or WouldBeRefused where this cannot be said as the case stands."""
    steps = showing.steps(kept.course, here)
    match data:
        case ReferralStatusChanged() if data.status in steps:
            try:
                life_cycle.step(kept.course.seen(here).life, data, here.party, now)
            except Refusal as refused:
                raise WouldBeRefused(refused.problems) from refused
        case HandoverContinued() if kept.file.handover is HandoverState.OPEN:
            return
        case _ if kept.file.kind is Kind.OFFER and data.TYPE in SUPPORT_OFFERS.carries:
            return
        case _:
            raise StepNotAllowed(steps)


def _routed(kept: Kept, here: Here) -> Case:
    """The case as the hub's routing would see it, as far as it is known here."""
    life = kept.course.seen(here).life
    if life is None:
        return Case(sender=kept.file.other or here.party, holders=(here.party,))
    return Case(sender=life.sender, owner=life.owner, holders=(life.sender, life.owner))
