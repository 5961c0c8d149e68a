"""A party's file of a case: what has come, what was said, who works on it. A plain value."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.transitions import Status, Step
from schemas.vocabulary import MeetingPlace, Service, Urgency


class Kind(StrEnum):
    """What a case is about, as the inbox tells it apart."""

    REFERRAL = "referral"
    ADDRESS_CHANGE = "address-change"
    HANDOVER = "handover"


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
    version: int
    """Counts every change; who acts names the version they saw."""
    received_at: datetime
    """When the first of it came in, or was said here."""
    changed_at: datetime
    """When it last changed."""
    is_ours: bool
    """Whether this party is to act on it (owner), not the one that asked (sender)."""
    other: str | None
    """The party on the other side."""
    status: Status | None = None
    """Of a referral, as this party's clerk sees it: with what was said here last."""
    service: Service | None = None
    urgency: Urgency | None = None
    wished_place: MeetingPlace | None = None
    ags: str | None = None
    """The municipality where the client lives."""
    due_at: datetime | None = None
    """Until when this party must take the next step; None: nobody waits for it."""
    appointment_at: datetime | None = None
    appointment_place: MeetingPlace | None = None
    cancellation_requested: bool = False
    """The sender asks to cancel; the owner owes an answer."""
    assigned_to: str | None = None
    """The clerk (id) who has claimed it."""
    said: Step | None = None
    """The last step said from here."""
    sending: Sending = Sending.NOTHING
    problem: str | None = None
    """The code of the hub's refusal of what was said last."""
    is_over: bool = False
    """Nothing is to be done any more."""
