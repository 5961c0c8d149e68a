"""The owner or the sender of a referral says what has become of it."""

from typing import ClassVar, Final, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from schemas.data import Data
from schemas.events.referral_requested import REFERRAL_PURPOSES
from schemas.model import Frozen, Moment, PartyId
from schemas.vocabulary import MeetingPlace, Outcome, Purpose, ReferralStatus, StatusReason

EXPLAINED: Final = frozenset(
    {
        ReferralStatus.REJECTED,
        ReferralStatus.ON_HOLD,
        ReferralStatus.CANCELLED,
        ReferralStatus.FAILED,
        ReferralStatus.CANCELLATION_REQUESTED,
    }
)
"""What is only said with a reason code."""
AGREED: Final = frozenset({ReferralStatus.APPOINTMENT_MADE, ReferralStatus.APPOINTMENT_MOVED})
"""What is only said with the appointment."""


class Appointment(Frozen):
    """Where and when client and counsellor meet."""

    place: MeetingPlace
    """Where."""
    at: Moment
    """When."""


class ReferralStatusChanged(Data):
    """The referral's new status or the step taken, with its reason or outcome as a code."""

    TYPE: ClassVar[str] = "referral.status-changed"
    PURPOSES: ClassVar[frozenset[Purpose]] = REFERRAL_PURPOSES

    status: ReferralStatus
    """The new status, or the step taken."""
    reason: StatusReason | None = None
    """Why; required for rejected, on-hold, cancelled, failed and cancellation-requested."""
    outcome: Outcome | None = None
    """How it ended; only with completed."""
    appointment: Appointment | None = None
    """Required for appointment-made and -moved; taken with accepted and in-progress too."""
    new_owner: PartyId | None = None
    """Who has it now; required for and only with forwarded."""

    @model_validator(mode="after")
    def _codes_fit_status(self) -> Self:
        if self.status in EXPLAINED and self.reason is None:
            raise PydanticCustomError("reason", "Give a reason code with this status.")
        if self.outcome is not None and self.status is not ReferralStatus.COMPLETED:
            raise PydanticCustomError("outcome", "Give an outcome only with completed.")
        if (self.status is ReferralStatus.FORWARDED) is not (self.new_owner is not None):
            raise PydanticCustomError("new_owner", "Give new_owner with forwarded, only then.")
        if self.status in AGREED and self.appointment is None:
            raise PydanticCustomError("appointment", "Give the appointment with this status.")
        return self
