"""A delivery lies in its recipient's mailbox longer than agreed, and nobody has collected it.

From the case, `sent_by`, `event_id` and `delivered_by` follows the id of the copy: the hub believes
no report of what it did not deliver.
"""

from typing import ClassVar

from schemas.data import Data
from schemas.envelope import Source
from schemas.model import EventId, Moment, PartyId
from schemas.vocabulary import Classification


class DeliveryUncollected(Data):
    """The hub's mailbox says so, for the sender to be told."""

    TYPE: ClassVar[str] = "delivery.uncollected"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    delivered_to: PartyId
    """Whose mailbox it lies in."""
    delivery_id: EventId
    """The id of the copy that lies there."""
    delivered_by: Source
    """Which part of the hub wrote the copy."""
    sent_by: Source
    """Which system sent the event it is a copy of."""
    event_id: EventId
    """The id of that event, as its sender gave it."""
    lies_since: Moment
    """When the copy came into the mailbox."""
    due_at: Moment
    """Until when it should have been collected."""
