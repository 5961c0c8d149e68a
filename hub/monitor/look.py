"""What one poll saw of the broker: facts, nothing judged yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from hub.monitor.expiring import Expiry


class Place(NamedTuple):
    """A partition, with its topic's full name."""

    topic: str
    partition: int


class Ends(NamedTuple):
    """The offsets that bound a partition; each is that of the next record, or the first kept."""

    start: int
    """The first that is still kept; what lay before is deleted."""
    stable: int
    """Where a `read_committed` reader stops: the last stable offset."""
    high: int
    """Where the log ends."""


class Unread(NamedTuple):
    """What a `read_committed` reader has before it from an offset on."""

    records: int
    """Its data records up to `until`; transaction markers and what was aborted do not count."""
    until: int
    """How far was looked; below the last stable offset there may be more."""
    first: int | None
    """The offset of the first of them; None: there was none so far."""
    first_at: datetime | None
    """When that one was appended, as its batch is stamped."""


MISSING: Final = "Missing"
"""The state of a group that is expected and that the broker does not know."""
GONE: Final = "Gone"
"""The state of one that had committed and that the broker no longer knows."""


class Group(NamedTuple):
    """A consumer group as its coordinator knows it."""

    state: str
    """Kafka's own word: `Stable`, `Empty`, `PreparingRebalance`, `Dead`, …"""
    members: int
    committed: Mapping[Place, int]
    owned: frozenset[Place] = frozenset()
    """What its members were given."""


class Transaction(NamedTuple):
    """The oldest open transaction on a partition."""

    name: str | None
    """Its transactional id, where the broker tells."""
    since: datetime | None
    """When it began, where the broker tells."""


class Look(NamedTuple):
    """One poll."""

    at: datetime
    """When the ends were asked for; what was committed was asked before."""
    took_s: float
    groups: Mapping[str, Group]
    ends: Mapping[Place, Ends]
    offline: frozenset[Place]
    """Partitions that no broker leads now."""
    unread: Mapping[tuple[Place, int], Unread]
    """By partition and offset; there where the offset lies before the last stable one."""
    transactions: Mapping[Place, Transaction]
    """Of partitions whose last stable offset lies before the end."""
    expiring: tuple[Expiry, ...] = ()
    """The certificates and tokens that have an end, as they lie in their files."""
