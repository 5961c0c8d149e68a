"""How much a party may ask or send: a bucket for each that refills with time (token bucket).

They are kept in memory only: a door that starts again begins with full buckets, and two doors
beside each other count each for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

SECONDS_A_MINUTE: Final = 60.0
NOBODY: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(slots=True)
class _Bucket:
    size: float
    a_second: float
    left: float
    seen_at: float


class Limits:
    """So much in a minute for each party, so much of it at once; nobody's share is another's."""

    def __init__(
        self, a_minute: int, burst_s: float = SECONDS_A_MINUTE, others: Mapping[str, int] = NOBODY
    ) -> None:
        """`burst_s`: of how many seconds the share may come at once; `others`: a party's own."""
        self._a_minute = a_minute
        self._burst_s = burst_s
        self._others = others
        self._buckets: dict[str, _Bucket] = {}

    def wait_s(self, party: str, amount: float, now: float) -> float:
        """Seconds until the party may have so much; 0.0 if it may now."""
        bucket = self._bucket(party, now)
        return max(0.0, (min(amount, bucket.size) - bucket.left) / bucket.a_second)

    def take(self, party: str, amount: float, now: float) -> float:
        """Count it and return 0.0; or count nothing and return the seconds to wait."""
        wait = self.wait_s(party, amount, now)
        if wait == 0.0:
            bucket = self._buckets[party]
            bucket.left -= min(amount, bucket.size)
        return wait

    def charge(self, party: str, amount: float, now: float) -> None:
        """Count what was had already, though it may be more than there is: the next one waits."""
        bucket = self._bucket(party, now)
        bucket.left -= min(amount, bucket.size)

    def _bucket(self, party: str, now: float) -> _Bucket:
        bucket = self._buckets.get(party)
        if bucket is None:
            a_second = self._others.get(party, self._a_minute) / SECONDS_A_MINUTE
            size = max(1.0, a_second * self._burst_s)
            bucket = self._buckets[party] = _Bucket(size, a_second, size, now)
        elapsed = max(0.0, now - bucket.seen_at)
        bucket.left = min(bucket.size, bucket.left + elapsed * bucket.a_second)
        bucket.seen_at = now
        return bucket
