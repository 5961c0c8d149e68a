"""Nobody has answered a referral yet, and the time to do so ends soon."""

from typing import ClassVar

from schemas.data import Data
from schemas.model import Moment, PartyId
from schemas.vocabulary import AwaitedStep, Classification


class ReminderDue(Data):
    """To the owner: the answer is due."""

    TYPE: ClassVar[str] = "reminder.due"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    owner: PartyId
    """Who has to answer."""
    due_at: Moment
    """Until when."""
    awaits: AwaitedStep = AwaitedStep.ANSWER
    """What is due: the answer, or another step."""
