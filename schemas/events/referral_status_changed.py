"""The owner or the sender of a referral says what has become of it."""

from typing import ClassVar, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from schemas.data import Data
from schemas.events.referral_requested import REFERRAL_PURPOSES
from schemas.model import Frozen, Moment, PartyId
from schemas.vocabulary import MeetingPlace, Outcome, Purpose, ReferralStatus, StatusReason


class Appointment(Frozen):
    """Where and when client and counsellor meet."""

    place: MeetingPlace
    """Where."""
    at: Moment
    """When."""


class ReferralStatusChanged(Data):
    """The referral's new status, with its reason or outcome as a code."""

    TYPE: ClassVar[str] = "referral.status-changed"
    PURPOSES: ClassVar[frozenset[Purpose]] = REFERRAL_PURPOSES

    status: ReferralStatus
    """The new status."""
    reason: StatusReason | None = None
    """Why; required for rejected, on-hold, cancelled and failed."""
    outcome: Outcome | None = None
    """How it ended; only with completed."""
    appointment: Appointment | None = None
    """The appointment agreed, with accepted or in-progress."""
    new_owner: PartyId | None = None
    """Who has it now; required for and only with forwarded."""

    @model_validator(mode="after")
    def _codes_fit_status(self) -> Self:
        explained = {
            ReferralStatus.REJECTED,
            ReferralStatus.ON_HOLD,
            ReferralStatus.CANCELLED,
            ReferralStatus.FAILED,
        }
        if self.status in explained and self.reason is None:
            raise PydanticCustomError("reason", "Give a reason code with this status.")
        if self.outcome is not None and self.status is not ReferralStatus.COMPLETED:
            raise PydanticCustomError("outcome", "Give an outcome only with completed.")
        if (self.status is ReferralStatus.FORWARDED) is not (self.new_owner is not None):
            raise PydanticCustomError("new_owner", "Give new_owner with forwarded, only then.")
        return self
