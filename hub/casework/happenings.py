"""What may happen to a case, as a desk hears of it. Plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from schemas.data import Data


@dataclass(frozen=True, slots=True)
class Delivered:
    """Another party said something, or the hub itself did."""

    at: datetime
    """When it lay on the hub's topic."""
    speaker: str
    """The party, or `hub`."""
    data: Data


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something was said from here and stands in the outbox."""

    at: datetime
    event_id: str
    data: Data
    to: str | None = None
    """Of a request: who will be asked, by the hub's rules."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The hub has delivered what this party said."""

    at: datetime
    """When that lay on the hub's topic."""
    about: str
    """The id of the event."""
    event_type: str
    """Its type, without version."""
    to: tuple[str, ...]
    """Who was sent it."""
    said: Spoken | None = None
    """The event, if it was said from here; None: another system of this party said it."""
    repeated: bool = False
    """The same was confirmed before."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The hub has refused what this party said."""

    at: datetime
    about: str | None
    """The id of the event, if it could be read."""
    event_type: str | None
    """Its type, without version, if it could be read."""
    code: str
    """The first of the problems."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody at the recipient has opened what this party sent."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A record for this party could not be read."""

    at: datetime
    code: str
    """The first of the problems."""


Happening: TypeAlias = Delivered | Spoken | Confirmed | Refused | Seen | Unread
