"""What was said of a move was wrong: the whole of it again, right."""

from typing import ClassVar

from schemas.events.address_change_reported import AddressChangeReported
from schemas.model import EventId


class AddressChangeCorrected(AddressChangeReported):
    """A correction (XMeld 0211): replaces the report it names."""

    TYPE: ClassVar[str] = "address-change.corrected"

    corrects: EventId
    """The id of the report, as its sender gave it."""
