"""Leaves a receiver alone that fails again and again, and looks whether it is back. Pure."""

from dataclasses import dataclass
from math import inf

DOUBLED_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait: doubled each time, up to a limit."""

    first_s: float
    longest_s: float

    def after(self, times: int, chance: float) -> float:
        """Seconds to wait after so many failures; `chance` from 0 to 1 takes up to a quarter off.

        So that what failed together does not come back together.
        """
        doubled = self.first_s * 2.0 ** min(times - 1, DOUBLED_AT_MOST)
        return min(doubled, self.longest_s) * (1 - chance / 4)


class Breaker:
    """A receiver's state: called as usual, or left alone until a time."""

    def __init__(self, failures: int, pauses: Pauses) -> None:
        """Leave it alone after so many events in a row that could not be brought."""
        self._limit = failures
        self._pauses = pauses
        self._failed: set[str] = set()
        self._times = 0
        self._until = -inf
        self.away_since: float | None = None
        """When it was first left alone, seconds; None while it is called as usual."""

    def wait_s(self, now: float) -> float:
        """Seconds until it may be called; 0.0 if it may now."""
        return max(0.0, self._until - now)

    def hold(self, until: float) -> None:
        """Leave it alone until then: it asked for it."""
        self._until = max(self._until, until)

    def failed(self, event: str, now: float, chance: float) -> bool:
        """Count an event that could not be brought; True when it is left alone from now on.

        One event that fails again and again counts once: it may be the event's fault.
        """
        self._failed.add(event)
        if len(self._failed) < self._limit:
            return False
        self._times += 1
        self.hold(now + self._pauses.after(self._times, chance))
        if self.away_since is not None:
            return False
        self.away_since = now
        return True

    def worked(self, now: float) -> float | None:
        """It answers; how long it was away in seconds, None if it was not."""
        since, self.away_since = self.away_since, None
        self._failed.clear()
        self._times = 0
        self._until = -inf
        return None if since is None else now - since
