"""What a receiver's answer means for the event and for the receiver. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

GONE: Final = 410
COME_AGAIN: Final = frozenset({429, 503})
OF_THE_RECEIVER: Final = frozenset({401, 403, 404, 405, 407, 408, 421, 425, 429})
"""4xx that say nothing of the event: wrong address, wrong secret, too many calls."""


class Meaning(StrEnum):
    """What follows from a call."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    """The receiver does not take this event; it may take others."""
    AWAY = "away"
    """Nobody can tell whether it has the event; the next call will fail as well, perhaps."""
    GONE = "gone"
    """It does not want to be called any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ended."""

    status: int | None
    """None when there was no answer."""
    why: str = ""
    """Without an answer: the error's name."""
    retry_after: str | None = None
    """As it stood in the header."""
    reached: bool = True
    """Whether there was a connection: if not, it cannot have been the event's fault."""

    @property
    def meaning(self) -> Meaning:
        """What follows (Standard Webhooks 1.0.0, delivery success and failure)."""
        if self.status is None:
            return Meaning.AWAY
        if self.status // 100 == 2:  # noqa: PLR2004 - HTTP
            return Meaning.DELIVERED
        if self.status == GONE:
            return Meaning.GONE
        about_the_event = self.status // 100 == 4 and self.status not in OF_THE_RECEIVER  # noqa: PLR2004
        return Meaning.REFUSED if about_the_event else Meaning.AWAY

    @property
    def asks_all_to_wait(self) -> bool:
        """Whether what it says of coming again is meant for every call."""
        return self.status in COME_AGAIN

    def wait_s(self, now: float, at_most: float) -> float:
        """Seconds to wait as it asked for, a number or a date; 0.0 if it did not, or nonsense."""
        said = (self.retry_after or "").strip()
        if said.isascii() and said.isdecimal():
            return min(float(said[:12]), at_most)
        try:
            date = parsedate_to_datetime(said)
        except (ValueError, TypeError, IndexError, OverflowError):
            return 0.0
        return min(max(0.0, _seconds(date) - now), at_most)

    def __str__(self) -> str:
        """The status or the error's name, for the log."""
        return self.why if self.status is None else str(self.status)


def _seconds(date: datetime) -> float:
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
