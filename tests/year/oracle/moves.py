"""What must become of what is said of moves, blocks and hand-overs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from schemas.data import Data
from schemas.envelope import Context
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_continued import HandoverContinued
from schemas.problems import ProblemCode
from tests.support.district import BY_AGS, DISTRICT, KFB
from tests.year.offices import BY_ID
from tests.year.oracle.expected import Copy, Follows, Outcome, Reminder
from tests.year.oracle.waits import CONTINUATION, OVERDUE, Wait

WITHDRAWN: Final = AddressChangeWithdrawn.TYPE


@dataclass(slots=True)
class Moved:
    """What is known of one case."""

    holders: set[str] = field(default_factory=set)
    blocked: bool = False
    handover: Wait | None = None
    """The hand-over that is open."""
    reported_by: str = ""
    """Who reported the move that opened it."""


@dataclass(slots=True)
class MoveOracle:
    """Remembers each case; tell it everything in the order in which it is said."""

    cases: dict[str, Moved] = field(default_factory=dict)

    def ring(self, subject: str, at: datetime) -> Iterator[Reminder]:
        """What must have been said of hand-overs that are open for long."""
        case = self.cases.get(subject)
        if case is None or case.handover is None:
            return
        for over in case.handover.over_by(at):
            carrier = over.of
            first = over.stage == OVERDUE
            to = carrier.id if first else carrier.lead
            rule = "open-handover-to-carrier" if first else "late-again-to-lead"
            yield Reminder(to, subject, rule, over.awaits, carrier.id, over.at, over.promised)

    def is_blocked(self, subject: str) -> bool:
        """Whether an Auskunftssperre stands."""
        return subject in self.cases and self.cases[subject].blocked

    def judge(self, context: Context, data: Data, at: datetime, others: set[str]) -> Outcome:
        """Who gets it, and which carrier hears of a hand-over; or why nobody does.

        `others` hold an address by a referral of the case.
        """
        speaker = context.party
        case = self.cases.get(context.subject)
        anybody = isinstance(data, DisclosureBlockSet | HandoverContinued)
        if case is not None and not anybody and speaker not in case.holders:
            return ProblemCode.NOT_A_PARTICIPANT
        now = case or Moved()
        opens = _left_carrier(data)
        ends = opens is None and now.handover is not None and _ends(data, now.handover.of.id)
        found = _found(data, case, others)
        if isinstance(found, ProblemCode):
            return found
        found = {party: kind for party, kind in found.items() if party != speaker}
        if not found and not opens and not ends:
            return ProblemCode.NO_RECIPIENT
        self.cases[context.subject] = now
        _remember(now, data, speaker, set(found))
        if opens and (now.handover is None or now.handover.of.id != opens):
            now.handover, now.reported_by = Wait(CONTINUATION, BY_ID[opens], at), speaker
        if ends:
            now.handover = None
        return Follows(tuple(_copies(now, data, found)), opens)


def _found(data: Data, case: Moved | None, others: set[str]) -> dict[str, bool] | ProblemCode:
    """Each recipient, and whether it is found only as one who was told before."""
    holders = set() if case is None else case.holders
    match data:
        case AddressChangeReported():
            return _told_of_move(data, holders)
        case DisclosureBlockSet() | DisclosureBlockLifted():
            told = {KFB, *holders, *others}
            return {party: False for party in told if BY_ID[party].kind != "provider"}
        case HandoverContinued():
            if case is None:
                return ProblemCode.CASE_UNKNOWN
            return {party: False for party in holders if BY_ID[party].is_carrier}
        case _:
            return dict.fromkeys(holders, False) if case else ProblemCode.CASE_UNKNOWN


def _told_of_move(data: AddressChangeReported, holders: set[str]) -> dict[str, bool] | ProblemCode:
    carrier = data.case_open_at
    if carrier is not None and not (carrier in BY_ID and BY_ID[carrier].is_carrier):
        return ProblemCode.RECIPIENT_UNKNOWN
    for ags in (data.old_ags, data.new_ags):
        if ags.startswith(DISTRICT) and ags not in BY_AGS:
            return ProblemCode.AREA_UNKNOWN
    concerned = {party for party in (carrier, data.new_ags) if party in BY_ID and party}
    found = dict.fromkeys(concerned, False)
    if isinstance(data, AddressChangeCorrected):
        found = dict.fromkeys(holders, True) | found
    return found


def _left_carrier(data: Data) -> str | None:
    """The carrier that pays on, if somebody has crossed the border and left it."""
    if not isinstance(data, AddressChangeReported) or data.case_open_at is None:
        return None
    if data.old_ags.startswith(DISTRICT) is data.new_ags.startswith(DISTRICT):
        return None
    return None if data.new_ags.startswith(BY_ID[data.case_open_at].area) else data.case_open_at


def _ends(data: Data, carrier: str) -> bool:
    if isinstance(data, AddressChangeReported):
        return data.new_ags.startswith(BY_ID[carrier].area)
    return isinstance(data, HandoverContinued | AddressChangeWithdrawn)


def _remember(case: Moved, data: Data, speaker: str, told: set[str]) -> None:
    """Who has part from now on; a block carries no address: who is told of it has none."""
    case.holders.add(speaker)
    match data:
        case DisclosureBlockSet():
            case.blocked = True
            return
        case DisclosureBlockLifted():
            case.blocked = False
            return
        case AddressChangeReported() if data.disclosure_blocked:
            case.blocked = True
        case _:
            pass
    case.holders |= told


def _copies(case: Moved, data: Data, found: dict[str, bool]) -> Iterator[Copy]:
    for party, only_as_holder in sorted(found.items()):
        hidden = case.blocked and isinstance(data, AddressChangeReported)
        if not hidden or BY_ID[party].is_carrier:
            yield Copy(party, data.TYPE)
        elif not only_as_holder:
            yield Copy(party, data.TYPE, hidden=True)
        elif not isinstance(data, AddressChangeReported) or BY_ID[party].area != data.old_ags:
            yield Copy(party, WITHDRAWN, hidden=True)
