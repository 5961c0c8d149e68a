"""A timer as it stands in a lane's state: when it rings, and what for."""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from hub.domain.decision import TIMER

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


class Place(NamedTuple):
    """Where something is awaited: the same processor and subject, the same place."""

    processor: str
    subject: str


class Timer(NamedTuple):
    """One timer: the text of its key says it all."""

    due: datetime
    """When it rings: a whole second, never before the moment it was set for."""
    place: Place
    name: str
    """What it rings for; one of a kind in its place."""

    @classmethod
    def at(cls, moment: datetime, place: Place, name: str) -> "Timer":
        """The timer that rings as soon as this moment has passed."""
        return cls(_EPOCH - (_EPOCH - moment) // _SECOND * _SECOND, place, name)

    @classmethod
    def parse(cls, key: bytes) -> "Timer":
        """The timer with this key; raises ValueError if it is not one."""
        if not key.startswith(TIMER):
            raise ValueError("This is not the key of a timer.")
        due, processor, name, subject = key.removeprefix(TIMER).decode().split("/", 3)
        return cls(_EPOCH + int(due) * _SECOND, Place(processor, subject), name)

    @staticmethod
    def due_s(key: str) -> int:
        """When the timer with this key rings, seconds since 1970."""
        return int(key.split("/", 2)[1])

    def key(self) -> bytes:
        """`timer/<seconds since 1970, 10 digits>/<processor>/<name>/<subject>`."""
        seconds = (self.due - _EPOCH) // _SECOND
        text = f"{seconds:010d}/{self.place.processor}/{self.name}/{self.place.subject}"
        return TIMER + text.encode()
