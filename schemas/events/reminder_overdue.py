"""Nobody has answered a referral within the working days agreed."""

from typing import ClassVar

from schemas.data import Data
from schemas.model import Moment, PartyId
from schemas.vocabulary import Classification


class ReminderOverdue(Data):
    """To owner and sender: the answer is late."""

    TYPE: ClassVar[str] = "reminder.overdue"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    owner: PartyId
    """Who should have answered."""
    due_at: Moment
    """Until when."""
