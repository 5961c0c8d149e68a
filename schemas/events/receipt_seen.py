"""The hub tells a sender that a person at the recipient has opened the case."""

from typing import ClassVar

from schemas.data import Data
from schemas.model import EventId, Moment, PartyId
from schemas.vocabulary import Classification


class ReceiptSeen(Data):
    """Somebody has looked at it; who exactly is the recipient's own affair."""

    TYPE: ClassVar[str] = "receipt.seen"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    event_id: EventId
    """The id of the event, as its sender gave it."""
    seen_by: PartyId
    """Which party opened it."""
    seen_at: Moment
    """When."""
