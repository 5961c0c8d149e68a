"""An offer has more or fewer free places than before."""

from typing import ClassVar

from schemas.data import Data
from schemas.events.support_offer_published import Capacity
from schemas.vocabulary import Classification, Purpose


class SupportOfferCapacityChanged(Data):
    """The new count."""

    TYPE: ClassVar[str] = "support-offer.capacity-changed"
    CLASSIFICATION: ClassVar[Classification] = Classification.PUBLIC
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.DIRECTORY})

    capacity: Capacity
    """How many places there are now."""
