"""Nobody has answered a referral within the working days agreed."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.data import Data
from schemas.model import Moment, PartyId
from schemas.vocabulary import AwaitedStep, Classification


class ReminderOverdue(Data):
    """To owner and sender: the answer is late; late again, to the owner's lead."""

    TYPE: ClassVar[str] = "reminder.overdue"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    owner: PartyId
    """Who should have answered."""
    due_at: Moment
    """Until when."""
    awaits: AwaitedStep = AwaitedStep.ANSWER
    """What is late: the answer, or another step."""
    level: Annotated[int, Field(ge=1, le=9)] = 1
    """1: the time agreed is over; 2: as much again is over, and the lead hears of it."""
