"""How many events a party may send: a bucket for each that refills with time."""

from dataclasses import dataclass

SECONDS_A_MINUTE = 60.0


@dataclass(slots=True)
class _Bucket:
    left: float
    seen_at: float


class Limits:
    """A minute's events for each party: all at once or spread, never more (token bucket)."""

    def __init__(self, events_per_minute: int) -> None:
        """Every party starts with a full minute."""
        self._size = float(events_per_minute)
        self._a_second = events_per_minute / SECONDS_A_MINUTE
        self._buckets: dict[str, _Bucket] = {}

    def wait_s(self, party: str, events: int, now: float) -> float:
        """Seconds until the party may send so many events; 0.0 if it may now."""
        bucket = self._buckets.setdefault(party, _Bucket(self._size, now))
        elapsed = max(0.0, now - bucket.seen_at)
        bucket.left = min(self._size, bucket.left + elapsed * self._a_second)
        bucket.seen_at = now
        return max(0.0, (min(events, self._size) - bucket.left) / self._a_second)

    def take(self, party: str, events: int, now: float) -> float:
        """Count the events and return 0.0; or count nothing and return the seconds to wait."""
        wait = self.wait_s(party, events, now)
        if wait == 0.0:
            self._buckets[party].left -= min(events, self._size)
        return wait
