"""A party's file of a case: what has come, what was said, who works on it. A plain value."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.transitions import Status, Step
from schemas.events.ledger_recorded import HandoverState
from schemas.vocabulary import MeetingPlace, Service, Urgency


class Kind(StrEnum):
    """What a case is about, as the inbox tells it apart."""

    REFERRAL = "referral"
    HANDOVER = "handover"
    ADDRESS_CHANGE = "address-change"
    """A move, or a disclosure block."""
    LATE = "late"
    """Another party is late with a case: this one looks after it, or waits for it to be fetched."""
    OFFER = "offer"
    """A support offer of this party: what was said of it here, and that it is to be assured."""
    UNREADABLE = "unreadable"
    """Something that came in, or was sent from here, and could not be read."""


class Sending(StrEnum):
    """How far the last thing said on a case has come."""

    NOTHING = "nothing"
    """Nothing was said from here, or it is long settled."""
    BEING_SENT = "being-sent"
    """It stands in the outbox."""
    SENT = "sent"
    """Kafka has it; the hub's receipt is still out."""
    CONFIRMED = "confirmed"
    """The hub's `receipt.delivered` is there."""
    REFUSED = "refused"
    """The hub's `receipt.refused` is there: it was not delivered, the case stands as before."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One row of the inbox; no personal data: who it is about is read when the case is opened."""

    case: str
    """The subject of its events: the case number a clerk sees."""
    kind: Kind
    """What it is about; of several things the first in the order above."""
    version: int
    """Grows with every change that matters to who acts, and they name the one they saw.

    That the hub confirms what was said here is no such change: it stands in `sending` alone.
    """
    received_at: datetime
    """When the first of it came in, or was said here."""
    changed_at: datetime
    """When its version last grew."""
    is_ours: bool
    """Whether this party is to act on it (owner), not the one that asked (sender)."""
    other: str | None
    """The party on the other side, as far as it is known here."""
    status: Status | None = None
    """Of a referral, as this party's clerk sees it: with what was said here last."""
    service: Service | None = None
    urgency: Urgency | None = None
    wished_place: MeetingPlace | None = None
    ags: str | None = None
    """The municipality where the client lives."""
    due_at: datetime | None = None
    """Until when the next step is due: from this party where it is ours, else from the other.

    None: nobody is waited for, or it is on hold.
    """
    appointment_at: datetime | None = None
    appointment_place: MeetingPlace | None = None
    cancellation_requested: bool = False
    """The sender asks to cancel; the owner owes an answer."""
    to_enter: bool = False
    """Something came in that a clerk must enter elsewhere or take note of: `Desk.done`."""
    handover: HandoverState | None = None
    """How the hand-over stands, if there is one (SGB X §2(3))."""
    seen_at: datetime | None = None
    """Of what was sent from here: since when somebody at the other side has opened it."""
    assigned_to: str | None = None
    """The clerk (id) who has claimed it."""
    said: Step | None = None
    """The last step said from here."""
    sending: Sending = Sending.NOTHING
    problem: str | None = None
    """The code of a refusal that nobody has taken note of yet: `Desk.done`."""
    is_over: bool = False
    """Nothing is to be done any more, and no refusal waits to be noted."""
