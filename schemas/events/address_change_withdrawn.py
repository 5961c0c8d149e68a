"""A move reported before did not happen (XMeld: Rücknahme eines Zuzugs)."""

from typing import ClassVar

from schemas.data import Data
from schemas.events.address_change_reported import RESIDENCE_PURPOSES
from schemas.model import EventId
from schemas.vocabulary import Purpose, WithdrawalReason


class AddressChangeWithdrawn(Data):
    """A withdrawal: everyone who got the report gets this."""

    TYPE: ClassVar[str] = "address-change.withdrawn"
    PURPOSES: ClassVar[frozenset[Purpose]] = RESIDENCE_PURPOSES

    withdraws: EventId
    """The id of the report, as its sender gave it."""
    reason: WithdrawalReason
    """Why."""
