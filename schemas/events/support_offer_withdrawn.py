"""An offer is no longer there."""

from typing import ClassVar

from schemas.data import Data
from schemas.vocabulary import Classification, Purpose, WithdrawalReason


class SupportOfferWithdrawn(Data):
    """Everyone who got the offer gets this."""

    TYPE: ClassVar[str] = "support-offer.withdrawn"
    CLASSIFICATION: ClassVar[Classification] = Classification.PUBLIC
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.DIRECTORY})

    reason: WithdrawalReason
    """Why."""
