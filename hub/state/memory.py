"""What a lane remembers: a bounded map, mirrored in the compacted state topic."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from hub.domain.decision import TIMER, Entries, StateChanges, overlaid

EVICTIONS_PER_BATCH: Final = 500
"""Forgetting is spread over batches: each forgets as much as it writes, and so many more."""
STALE_TIMERS: Final = 1000
"""So many timers that were taken back may stand in the way, beside as many as are set."""
POSITION: Final = b"position/"
"""The family of keys that say how far the lane has moved; one for each input topic."""
STAMP_BYTES: Final = 5
"""An entry is when it was written, seconds since 1970, and its value: one object, not three.

Enough for the year 9999: a replay takes the time from the record, whatever that says."""


def position_key(topic: str) -> bytes:
    """Where the offset after the last moved record of a topic is kept."""
    return POSITION + topic.encode()


@dataclass(frozen=True, slots=True)
class Keep:
    """How long, and how many at most, entries of one family of keys are kept."""

    prefix: bytes
    max_age_s: int
    max_entries: int


@dataclass(slots=True)
class Memory:
    """The state of one lane. Entries are ordered by when they were last written."""

    keeps: tuple[Keep, ...]
    _families: dict[bytes, dict[bytes, bytes]] = field(default_factory=dict)
    _timers: list[bytes] = field(default_factory=list)

    def get(self, key: bytes, /) -> bytes | None:
        """The value kept under this key."""
        entry = self._family(key).get(key)
        return None if entry is None else entry[STAMP_BYTES:]

    def under(self, family: bytes, /) -> Entries:
        """Every key of a family, `name/`, those written longest ago first."""
        for key, entry in self._families.get(family, {}).items():
            yield key, entry[STAMP_BYTES:]

    def everything(self) -> Entries:
        """Every key of every family."""
        for family in self._families:
            yield from self.under(family)

    def apply(self, key: bytes, value: bytes | None, at_s: int) -> None:
        """Keep a value written at this time, or forget the key."""
        family = self._family(key)
        family.pop(key, None)
        if value is not None:
            family[key] = at_s.to_bytes(STAMP_BYTES) + value
        if key.startswith(TIMER):
            self._set_timer(key, family)

    def _set_timer(self, key: bytes, timers: dict[bytes, bytes]) -> None:
        """Note the timer if it stands; those taken back stay in the heap until they are many."""
        if key in timers:
            heapq.heappush(self._timers, key)
        elif len(self._timers) > 2 * len(timers) + STALE_TIMERS:
            self._timers = sorted(timers)

    def to_forget(self, now_s: int, written: int = 0) -> Iterator[bytes]:
        """Keys past their age or beyond the number kept, the oldest first, a bounded number.

        `written`: how many entries the batch at hand writes; so memory does not outgrow its bounds
        however long the backlog.
        """
        left = EVICTIONS_PER_BATCH + written
        for keep in self.keeps:
            family = self._families.get(keep.prefix, {})
            surplus = len(family) - keep.max_entries
            for nth, (key, entry) in enumerate(family.items()):
                if left == 0 or (nth >= surplus and now_s - _written_s(entry) <= keep.max_age_s):
                    break
                left -= 1
                yield key

    def next_timer_s(self) -> int | None:
        """When the next timer is due, seconds since 1970."""
        timers = self._families.get(TIMER, {})
        while self._timers and self._timers[0] not in timers:
            heapq.heappop(self._timers)
        return _due_s(self._timers[0]) if self._timers else None

    def due(self, now_s: float, most: int) -> list[bytes]:
        """The keys of timers whose time has come, the earliest first; they stand until written."""
        found: list[bytes] = []
        while len(found) < most:
            next_s = self.next_timer_s()
            if next_s is None or next_s > now_s:
                break
            key = heapq.heappop(self._timers)
            if not found or found[-1] != key:
                found.append(key)
        for key in found:
            heapq.heappush(self._timers, key)
        return found

    def __len__(self) -> int:
        return sum(len(family) for family in self._families.values())

    def _family(self, key: bytes) -> dict[bytes, bytes]:
        prefix = key[: key.find(b"/") + 1]
        return self._families.setdefault(prefix, {})


def _written_s(entry: bytes) -> int:
    return int.from_bytes(entry[:STAMP_BYTES])


def _due_s(key: bytes) -> int:
    return int(key.split(b"/", 2)[1])


@dataclass(slots=True)
class Draft:
    """A lane's memory with the changes of the batch at hand, not yet committed."""

    memory: Memory
    changes: StateChanges = field(default_factory=dict)

    def get(self, key: bytes, /) -> bytes | None:
        """The value as the batch at hand would leave it."""
        if key in self.changes:
            return self.changes[key]
        return self.memory.get(key)

    def under(self, family: bytes, /) -> Entries:
        """Every key of a family as the batch at hand would leave it."""
        return overlaid(self.changes, self.memory.under(family), family)

    def commit(self, now_s: int) -> None:
        """Make the changes part of the memory."""
        for key, value in self.changes.items():
            self.memory.apply(key, value, now_s)
