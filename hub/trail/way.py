"""The way of a referral: from sent to accepted, to the first appointment, to its end.

The first appointment is the first at which client and counsellor met, or still will: one that was
moved, cancelled or missed does not count. What was forwarded is accepted by its last owner.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hub.domain.transitions import OPEN, Status
from hub.trail.line import REQUEST, Line
from schemas.vocabulary import Outcome, ReferralStatus, StatusReason

ENDS: Final = frozenset(Status) - OPEN
"""After these nothing is waited for."""
STEPS: Final = frozenset(ReferralStatus) - {*Status, ReferralStatus.FORWARDED}
"""What leaves a referral where it stands."""
ANSWERS: Final = frozenset(
    {ReferralStatus.ACCEPTED, ReferralStatus.REJECTED, ReferralStatus.FORWARDED}
)
UNMET: Final = frozenset({ReferralStatus.APPOINTMENT_CANCELLED, ReferralStatus.NO_SHOW})
USED: Final = frozenset({Outcome.SERVICE_RECEIVED, Outcome.ENROLLED})
"""Outcomes with which an offer or a service was used."""


@dataclass(slots=True)
class Asking:
    """That an owner was asked: with the request, or when it was forwarded to it."""

    owner: str | None
    asked_at: datetime
    due_at: datetime | None = None
    """As it was agreed then, where the ledger says so."""
    answered_at: datetime | None = None
    over_at: datetime | None = None
    """When the answer was not needed any more: cancelled, expired."""


@dataclass(slots=True)
class Way:
    """What has become of one referral so far."""

    sender: str | None
    sent_at: datetime
    service: str | None
    offer_id: str | None
    askings: list[Asking]
    status: str = Status.REQUESTED
    reason: str | None = None
    outcome: str | None = None
    cancelling: bool = False
    """Whether its sender asked to cancel it and has no answer."""
    accepted_at: datetime | None = None
    rejections: list[str] = field(default_factory=list)
    """The reason of each."""
    met_at: datetime | None = None
    planned_at: datetime | None = None

    @property
    def owner(self) -> str | None:
        """Who has it now."""
        return self.askings[-1].owner

    @property
    def first_appointment_at(self) -> datetime | None:
        """When client and counsellor first met, or will."""
        return self.met_at or self.planned_at

    @property
    def waits_for(self) -> str | None:
        """Who has to do something now; on hold nobody has, but for papers or an answer."""
        if self.status in ENDS:
            return None
        if self.status != ReferralStatus.ON_HOLD or self.cancelling:
            return self.owner
        return self.sender if self.reason == StatusReason.DOCUMENTS_MISSING else None

    @property
    def is_used(self) -> bool:
        """Whether the client got what was asked for; not if all of it was entered in error."""
        return self.status == Status.COMPLETED and self.outcome in USED

    def take(self, line: Line) -> None:
        """Go on by one step."""
        status = line.status
        if status is None:
            return
        if status not in STEPS:
            self.status, self.reason = status, line.reason
        self._answer(line, status)
        self.cancelling = status == ReferralStatus.CANCELLATION_REQUESTED or (
            self.cancelling and status != ReferralStatus.CANCELLATION_DECLINED
        )
        self.outcome = line.outcome or self.outcome
        if status == ReferralStatus.FORWARDED:
            self.status, self.accepted_at = Status.REQUESTED, None
            self.askings.append(Asking(line.owner, line.received_at, line.due_at))
        self._meet(line, status)

    def _answer(self, line: Line, status: str) -> None:
        asking = self.askings[-1]
        if status in ANSWERS and asking.answered_at is None:
            asking.answered_at = line.received_at
        if status in ENDS and asking.over_at is None:
            asking.over_at = line.received_at
        if status == ReferralStatus.ACCEPTED:
            self.accepted_at = line.said_at
        if status == ReferralStatus.REJECTED:
            self.rejections.append(line.reason or "")

    def _meet(self, line: Line, status: str) -> None:
        planned = self.planned_at
        if line.appointment_at is not None:
            if self.met_at is None and planned is not None and planned <= line.said_at:
                self.met_at = planned
            self.planned_at = line.appointment_at
        elif status in UNMET:
            self.planned_at = None
        elif status in ENDS or status == ReferralStatus.FORWARDED:
            self.planned_at = planned if planned and planned <= line.said_at else None


def ways_of(lines: Iterable[Line]) -> list[Way]:
    """The way of each referral in a case's lines, which are in order; mostly there is one."""
    ways: list[Way] = []
    for line in lines:
        if not line.counts:
            continue
        if line.event_type == REQUEST:
            asking = Asking(line.owner, line.received_at, line.due_at)
            ways.append(Way(line.sender, line.said_at, line.service, line.offer_id, [asking]))
        elif ways:
            ways[-1].take(line)
    return ways
