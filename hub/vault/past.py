"""What the ledger tells of a subject: who sent, who got what and when, whether it is over. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from hub.domain.transitions import OPEN, Status
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.handover_continued import HandoverContinued
from schemas.events.handover_opened import HandoverOpened
from schemas.events.ledger_recorded import HandoverState, LedgerRecorded, Step
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.events.subject_erased import SubjectErased
from schemas.vocabulary import ReferralStatus, Verdict

ENDING: Final = (HandoverContinued.TYPE, AddressChangeWithdrawn.TYPE)
"""What ends a hand-over."""


class Sent(NamedTuple):
    """Something the hub wrote to a party."""

    party: str
    event_id: str
    event_type: str
    """Without its version."""
    at: datetime
    rule: str | None
    sender: str | None
    """From which party it came; None: from the hub itself."""


@dataclass(slots=True)
class Past:
    """The past of one subject, in the order of the ledger."""

    sent: list[Sent] = field(default_factory=list)
    events: int = 0
    """How many events of it came in."""
    refused: int = 0
    """How many of them were refused."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    status: Status | None = None
    """Where its referral stands, if it is one."""
    handover: HandoverState | None = None
    """How its hand-over stands, if there is one."""
    senders: dict[str, int] = field(default_factory=dict)
    """Who sent how many events of it."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.status in OPEN or self.handover is HandoverState.OPEN

    @property
    def recipients(self) -> dict[str, list[str]]:
        """Each party to which anything was written, with the ids of it; the notice itself apart."""
        found: dict[str, list[str]] = {}
        for one in self.sent:
            if one.event_type != SubjectErased.TYPE:
                found.setdefault(one.party, []).append(one.event_id)
        return found


def past_of(lines: Iterable[Event[Data]]) -> Past:
    """The past as these lines of the ledger tell it; other events are passed over."""
    past = Past()
    for event in lines:
        if isinstance(event.data, LedgerRecorded):
            _add(past, event.data)
    return past


def _add(past: Past, line: LedgerRecorded) -> None:
    if line.offset >= 0:
        past.events += 1
        past.refused += line.verdict is Verdict.REFUSED
        past.first_at = past.first_at or line.received_at
        past.last_at = line.received_at
        if line.sender:
            past.senders[line.sender] = past.senders.get(line.sender, 0) + 1
    if line.step is not None and line.verdict in (Verdict.ROUTED, Verdict.TIMED):
        past.status = _status(line.step) or past.status
    past.handover = _handover(line) or past.handover
    past.sent += _sent(line)


def _status(step: Step) -> Status | None:
    """Where a referral stands after this; None for what leaves it, or is about none."""
    if step.status is None:
        return Status.REQUESTED if step.service is not None else None
    if step.status is ReferralStatus.FORWARDED:
        return Status.REQUESTED
    return Status(step.status.value) if step.status.value in set(Status) else None


def _handover(line: LedgerRecorded) -> HandoverState | None:
    """How the hand-over stands after this; None for what says nothing of it."""
    if line.verdict not in (Verdict.ROUTED, Verdict.TIMED):
        return None
    if any(_kind(one.event_type) == HandoverOpened.TYPE for one in line.notices):
        return HandoverState.OPEN
    ended = line.step is not None and line.step.handover is HandoverState.ENDED
    return HandoverState.ENDED if ended or _kind(line.event_type) in ENDING else None


def _sent(line: LedgerRecorded) -> Iterator[Sent]:
    at, said = line.received_at, _kind(line.event_type)
    for party, rule, name in zip(line.recipients, line.rules, line.delivery_ids, strict=False):
        yield Sent(party, name, said, at, rule, line.sender)
    if line.receipt_id is not None and line.sender is not None:
        receipt = ReceiptRefused if line.problems else ReceiptDelivered
        yield Sent(line.sender, line.receipt_id, receipt.TYPE, at, None, None)
    for one in line.notices:
        yield Sent(one.to, one.event_id, _kind(one.event_type), at, one.rule, None)


def _kind(wire_type: str | None) -> str:
    """The type without its version."""
    return (wire_type or "").rpartition(".v")[0]
