"""The life of a referral: what the hub remembers of it, and who may say what next.

                     referral.requested (sender)
                               |
                               v       forwarded (owner), from every open status:
    +---------------------- requested <- - - a new owner has it, as requested
    |                       |   |   |
    |              accepted |   |   +---------------------> rejected   (owner)
    |               (owner) |   +-------------------------> expired    (hub)
    |                       v
    |                   accepted --------------------+
    |                    |    |                      |
    |            (owner) v    v (owner)              |
    |          in-progress <---> on-hold ------------+----> completed  (owner)
    |                                                +----> failed     (owner)
    |                                                +----> cancelled  (owner)
    +-----------------------------------------------------> cancelled  (sender or owner)

    every status, also what is over ----------------------> entered-in-error  (sender)

Requested, accepted, in-progress and on-hold are open; what stands on the right is final.
Once it is accepted, these steps leave the status as it is:

    cancellation-requested (sender); the owner answers: cancelled or cancellation-declined
    appointment-made, appointment-moved, appointment-cancelled, no-show (owner)

The table of all steps is `hub.domain.transitions`; what they change, `hub.domain.life_cycle`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.domain import transitions
from hub.domain.transitions import OPEN, Side, Situation, Status, Step
from schemas.events.referral_status_changed import Appointment
from schemas.vocabulary import (
    LegalBasis,
    MeetingPlace,
    Outcome,
    Purpose,
    Service,
    StatusReason,
    Urgency,
)

HUB: Final = "hub"
"""The speaker of `expired`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How a referral stands, whatever was asked for; no personal data."""

    sender: str
    """Who asked."""
    owner: str
    """Who has it now."""
    requested_at: datetime
    """Since when its owner has it: from here the time to answer runs."""
    since: datetime
    """Since when it has its status."""
    status: Status = Status.REQUESTED
    former_owners: tuple[str, ...] = ()
    """Who had it before, each once, in the order they first had it."""
    opened_at: datetime | None = None
    """When somebody at its owner first opened it."""
    answered_at: datetime | None = None
    """When its owner first answered."""
    hold_since: datetime | None = None
    """Since when it rests; None: it does not."""
    appointment: Appointment | None = None
    """What was agreed last, unless called off or missed."""
    no_shows: int = 0
    """How often the client did not come."""
    cancellation_requested_by: str | None = None
    """Who asked to cancel it; None once the owner declined."""
    reason: StatusReason | None = None
    """Why it has its status."""
    outcome: Outcome | None = None
    """How it ended, if it was completed."""
    steps: int = 0
    """How many steps were taken since it was requested."""

    @property
    def situation(self) -> Situation:
        """What decides which steps may follow."""
        return Situation(
            self.status, self.appointment is not None, self.cancellation_requested_by is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(Life):
    """One referral as it stands, with what was asked for; no personal data."""

    service: Service
    urgency: Urgency
    wished_place: MeetingPlace
    ags: str
    """The municipality where the client lives."""
    first_received_at: datetime
    """The filing date; nothing changes it (SGB I §16(2))."""
    first_received_by: str
    purpose: Purpose = Purpose.INTEGRATION
    """What it was asked for; what the hub says of it is for the same."""
    legal_basis: LegalBasis = LegalBasis.SGB10_69
    """The power on which it was sent."""
    offer_id: str | None = None
    turned_down_by: tuple[str, ...] = ()
    """Who rejected it before it was asked anew, each once."""
    request_id: str = ""
    """The id of the request, as its sender gave it; empty: it was asked before this was kept."""


def side_of(referral: Life, party: str) -> Side | None:
    """Which side of the referral this party is; None: it has no part in it (any more)."""
    if party == HUB:
        return Side.HUB
    if party == referral.owner:
        return Side.OWNER
    return Side.SENDER if party == referral.sender else None


def allowed(referral: Life, party: str) -> tuple[Step, ...]:
    """The steps this party may take now."""
    side = side_of(referral, party)
    return () if side is None else transitions.steps_of(side, referral.situation)


def is_final(referral: Life) -> bool:
    """Whether it is over: only its sender may still say that it was entered in error."""
    return referral.status not in OPEN


def awaits(referral: Life) -> Side | None:
    """Who must act now; None: nobody.

    On hold nobody must, unless the sender owes papers or the owner an answer.
    """
    if is_final(referral):
        return None
    if referral.status is not Status.ON_HOLD or referral.cancellation_requested_by is not None:
        return Side.OWNER
    return Side.SENDER if referral.reason is StatusReason.DOCUMENTS_MISSING else None
