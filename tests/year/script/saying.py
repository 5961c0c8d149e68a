"""One thing that is said in the year: when, by what event, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime

from schemas.data import Data
from schemas.envelope import Event
from schemas.problems import ProblemCode


@dataclass(frozen=True, slots=True)
class Saying:
    """An event as it is handed in at a tick."""

    at: datetime
    event: Event[Data]
    wrong: ProblemCode | None = None
    """Why it must be refused, by the word of who planted it; None: nothing is wrong."""
    again: bool = False
    """Whether its sender says it a second time, as real senders do."""

    @property
    def subject(self) -> str:
        """Its case."""
        return self.event.context.subject
