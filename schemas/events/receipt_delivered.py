"""The hub tells a sender to whom an event went, when, and by which rule."""

from typing import ClassVar

from schemas.data import Data
from schemas.model import EventId, Frozen, Moment, PartyId
from schemas.vocabulary import Classification


class Delivery(Frozen):
    """One recipient of the event."""

    to: PartyId
    """Who."""
    rule: str
    """The id of the routing rule that sent it there."""
    delivery_id: EventId
    """The id of their copy."""
    left_out: tuple[str, ...] = ()
    """The fields their copy does not have."""


class ReceiptDelivered(Data):
    """A sent event lies in its recipients' topics, in the transaction of this receipt."""

    TYPE: ClassVar[str] = "receipt.delivered"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    event_id: EventId
    """The id of the event, as its sender gave it."""
    event_type: str
    """Its type on the wire."""
    received_at: Moment
    """When it lay on the hub's topic."""
    deliveries: tuple[Delivery, ...]
    """Who got it, or a hand-over because of it; nobody, if only the hub had to know it."""
    repeated: bool = False
    """The same event came before; nothing was delivered again."""
