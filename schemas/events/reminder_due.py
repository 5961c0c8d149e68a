"""What others wait for a party to do is due soon: an answer, an outcome, an offer's assurance."""

from typing import ClassVar

from schemas.data import Data
from schemas.model import Moment, PartyId
from schemas.vocabulary import AwaitedStep, Classification


class ReminderDue(Data):
    """To whoever has to do it: the owner of a referral, the publisher of an offer."""

    TYPE: ClassVar[str] = "reminder.due"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    owner: PartyId
    """Who has to do it."""
    due_at: Moment
    """Until when."""
    awaits: AwaitedStep = AwaitedStep.ANSWER
    """What is due: the answer, or another step."""
