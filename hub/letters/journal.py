"""What was done at the desk: one entry for each act, appended to a topic and never changed."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AwareDatetime, Field

from schemas.codec import Record
from schemas.model import Frozen

REASON_LENGTH: Final = 300
LEAST: Final = 3
Reason = Annotated[str, Field(min_length=LEAST, max_length=REASON_LENGTH)]


class Act(StrEnum):
    """What can be done with a letter."""

    REVEALED = "revealed"
    """Somebody has read its content."""
    REPLAYED = "replayed"
    """It was sent again, and delivered or recognised as delivered before."""
    REFUSED = "refused"
    """It was sent again, and refused again."""
    DISCARDED = "discarded"
    """It will not be sent again."""


class Entry(Frozen):
    """One act."""

    act: Act
    letter: str
    """The letter's id."""
    at: AwareDatetime
    by: str
    """Who did it: user and machine."""
    reason: Reason
    """Why, in words that name nobody."""
    outcome: str = ""
    """What the hub made of a letter that was sent again."""


def is_reason(text: str) -> bool:
    """Whether this will do as a reason."""
    return len(text.strip()) >= LEAST and len(text) <= REASON_LENGTH


def entry(act: Act, letter: str, at: datetime, by: str, reason: str, outcome: str = "") -> Entry:
    """An act; raises ValueError where the reason is missing or too long."""
    return Entry(act=act, letter=letter, at=at, by=by, reason=reason, outcome=outcome)


def write(one: Entry) -> Record:
    """The entry as a record; its key is the letter."""
    return Record(one.letter.encode(), one.model_dump_json().encode(), [])


def read(record: Record) -> Entry | None:
    """The entry; None if somebody else wrote it."""
    try:
        return Entry.model_validate_json(record.value or b"")
    except ValueError:
        return None
