"""The owner of a referral tells the hub that somebody there has opened it."""

from typing import ClassVar

from schemas.data import Data
from schemas.events.referral_requested import REFERRAL_PURPOSES
from schemas.vocabulary import Classification, Purpose


class ReferralOpened(Data):
    """Nothing but that: `time` says when, and who it was is the owner's own affair."""

    TYPE: ClassVar[str] = "referral.opened"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL
    PURPOSES: ClassVar[frozenset[Purpose]] = REFERRAL_PURPOSES
