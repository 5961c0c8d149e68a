"""THE table of a referral's steps: which may follow in which status, and which side takes it.

The statuses and their edges are Gravity SDOH-CC's (HL7, ReferralTaskStateDiagram and the profile's
table "Set By"); the steps that leave the status are BSeR's business statuses 5.1 and 5.2.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from schemas.vocabulary import ReferralStatus

Step: TypeAlias = ReferralStatus
"""What is said of a referral: a new status, or a step that leaves it."""


class Status(StrEnum):
    """Where a referral stands."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered-in-error"


UNDER_WAY: Final = frozenset({Status.ACCEPTED, Status.IN_PROGRESS, Status.ON_HOLD})
"""Somebody has taken it on."""
OPEN: Final = UNDER_WAY | {Status.REQUESTED}
"""It is not over yet; every other status is final."""


class Side(StrEnum):
    """Who may take a step; the hub itself says only that time is over."""

    SENDER = "sender"
    OWNER = "owner"
    HUB = "hub"


class Situation(NamedTuple):
    """All that decides which steps may follow."""

    status: Status
    appointment: bool = False
    """Whether one is agreed."""
    cancellation: bool = False
    """Whether the sender asked for it and has no answer yet."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One step a side may take."""

    step: Step
    by: Side
    before: frozenset[Status]
    after: Status | None
    """None: the status stays."""
    appointment: bool | None = None
    """Whether one must be agreed; None: it does not matter."""
    cancellation: bool | None = None
    """Whether the sender must have asked for it; None: it does not matter."""

    def may_follow(self, now: Situation) -> bool:
        """Whether the step may be taken in this situation."""
        return (
            now.status in self.before
            and self.appointment in (None, now.appointment)
            and self.cancellation in (None, now.cancellation)
        )


_ASKED: Final = frozenset({Status.REQUESTED})
_SENDER, _OWNER, _HUB = Side.SENDER, Side.OWNER, Side.HUB

TRANSITIONS: Final = (
    Transition(Step.ACCEPTED, _OWNER, _ASKED, Status.ACCEPTED),
    Transition(Step.REJECTED, _OWNER, _ASKED, Status.REJECTED),
    Transition(Step.IN_PROGRESS, _OWNER, UNDER_WAY - {Status.IN_PROGRESS}, Status.IN_PROGRESS),
    Transition(Step.ON_HOLD, _OWNER, UNDER_WAY - {Status.ON_HOLD}, Status.ON_HOLD),
    Transition(Step.COMPLETED, _OWNER, UNDER_WAY, Status.COMPLETED),
    Transition(Step.FAILED, _OWNER, UNDER_WAY, Status.FAILED),
    Transition(Step.CANCELLED, _OWNER, OPEN, Status.CANCELLED),
    Transition(Step.CANCELLED, _SENDER, _ASKED, Status.CANCELLED),
    Transition(Step.CANCELLATION_REQUESTED, _SENDER, UNDER_WAY, None, cancellation=False),
    Transition(Step.CANCELLATION_DECLINED, _OWNER, UNDER_WAY, None, cancellation=True),
    Transition(Step.FORWARDED, _OWNER, OPEN, Status.REQUESTED, cancellation=False),
    Transition(Step.APPOINTMENT_MADE, _OWNER, UNDER_WAY, None),
    Transition(Step.APPOINTMENT_MOVED, _OWNER, UNDER_WAY, None, appointment=True),
    Transition(Step.APPOINTMENT_CANCELLED, _OWNER, UNDER_WAY, None, appointment=True),
    Transition(Step.NO_SHOW, _OWNER, UNDER_WAY, None, appointment=True),
    Transition(
        Step.ENTERED_IN_ERROR,
        _SENDER,
        frozenset(Status) - {Status.ENTERED_IN_ERROR},
        Status.ENTERED_IN_ERROR,
    ),
    Transition(Step.EXPIRED, _HUB, _ASKED, Status.EXPIRED),
)
"""In the order in which a party reads them.

Two edges are ours. `forwarded` leads back to requested, with a new owner; not while the sender
waits for an answer to a cancellation, who would lose it. `expired` ends what nobody answered.
After acceptance the sender does not cancel but asks for it: somebody may be on their way.
"""


_BY: Final = {
    (step, side): tuple(each for each in TRANSITIONS if each.step is step and each.by is side)
    for step in Step
    for side in Side
}


def find(step: Step, side: Side, now: Situation) -> Transition | None:
    """The transition this side makes by this step; None if it may not."""
    return next((each for each in _BY.get((step, side), ()) if each.may_follow(now)), None)


def steps_of(side: Side, now: Situation) -> tuple[Step, ...]:
    """The steps this side may take now."""
    return tuple(each.step for each in TRANSITIONS if each.by is side and each.may_follow(now))


def belongs_to_another(step: Step, side: Side, now: Situation) -> bool:
    """Whether the step is wrong for this side: another's now, or never this side's."""
    sides = {each.by for each in TRANSITIONS if each.step is step}
    return side not in sides or any(find(step, other, now) for other in sides - {side})
