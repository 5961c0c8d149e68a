"""The hub tells a sender why an event was not delivered."""

from typing import Annotated, ClassVar

from pydantic import Field

from schemas.data import Data
from schemas.model import EventId, Moment
from schemas.problems import Problem
from schemas.vocabulary import Classification


class ReceiptRefused(Data):
    """Nobody got the event; it lies, bytes untouched, on the dead-letter topic."""

    TYPE: ClassVar[str] = "receipt.refused"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    event_id: EventId | None = None
    """The id of the event, as its sender gave it, if it could be read."""
    event_type: str | None = None
    """Its type on the wire, if it could be read."""
    received_at: Moment
    """When it lay on the hub's topic."""
    problems: Annotated[tuple[Problem, ...], Field(min_length=1)]
    """What was wrong."""
    repeated: bool = False
    """The same event came before and was refused then."""
