"""What others wait for was not done within the working days agreed: an answer, a collection."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.data import Data
from schemas.model import EventId, Moment, PartyId
from schemas.vocabulary import AwaitedStep, Classification


class ReminderOverdue(Data):
    """To owner and sender, late again to the lead as well; a collection only to the sender."""

    TYPE: ClassVar[str] = "reminder.overdue"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    owner: PartyId
    """Who should have answered, or collected."""
    due_at: Moment
    """Until when."""
    awaits: AwaitedStep = AwaitedStep.ANSWER
    """What is late: the answer, or another step."""
    level: Annotated[int, Field(ge=1, le=9)] = 1
    """1: the time agreed is over; 2: as much again is over, and the lead hears of it."""
    event_id: EventId | None = None
    """The event that lies uncollected, as its sender gave it; only with `collection`."""
