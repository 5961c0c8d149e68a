"""How much a user may ask of each broker; beyond it the broker lets the user wait."""

from collections.abc import Mapping
from typing import Final, NamedTuple

WRITE_BYTES: Final = "producer_byte_rate"
READ_BYTES: Final = "consumer_byte_rate"
REQUESTS: Final = "request_percentage"


class Quota(NamedTuple):
    """What one user may ask of a broker."""

    write_bytes_s: int
    """Bytes a second it may write."""
    read_bytes_s: int
    """Bytes a second it may read."""
    request_percent: int
    """How much of the time of the broker's threads it may take, in percent of one thread."""

    def limits(self) -> dict[str, float]:
        """As Kafka calls them."""
        return {
            WRITE_BYTES: self.write_bytes_s,
            READ_BYTES: self.read_bytes_s,
            REQUESTS: self.request_percent,
        }


class Limit(NamedTuple):
    """A limit that is not as declared; None: there is none."""

    key: str
    """As Kafka calls it."""
    found: float | None
    wanted: float | None


def differing(wanted: Mapping[str, float], found: Mapping[str, float]) -> tuple[Limit, ...]:
    """Each limit that is not as wanted."""
    keys = sorted(wanted.keys() | found.keys())
    limits = (Limit(key, found.get(key), wanted.get(key)) for key in keys)
    return tuple(one for one in limits if one.found != one.wanted)
