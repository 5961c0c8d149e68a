"""The hub tells who has an offer to reckon with no places until its publisher counts again."""

from typing import ClassVar

from schemas.data import Data
from schemas.model import Moment, PartyId
from schemas.vocabulary import Classification, Purpose


class SupportOfferCapacityLowered(Data):
    """A referral to it was turned away for lack of places; nothing is said of whose it was."""

    TYPE: ClassVar[str] = "support-offer.capacity-lowered"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.DIRECTORY})

    publisher: PartyId
    """Who published the offer, and counts its places."""
    since: Moment
    """Since when; a count made later stands."""
