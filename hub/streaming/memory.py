"""What a lane remembers: a bounded map, mirrored in the compacted state topic."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from hub.domain.decision import StateChanges

EVICTIONS_PER_BATCH: Final = 500
"""Forgetting is spread over batches, so that no batch waits for it."""


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
    families: dict[bytes, dict[bytes, tuple[bytes, int]]] = field(default_factory=dict)

    def get(self, key: bytes, /) -> bytes | None:
        """The value kept under this key."""
        entry = self._family(key).get(key)
        return None if entry is None else entry[0]

    def apply(self, key: bytes, value: bytes | None, at_s: int) -> None:
        """Keep a value written at this time, or forget the key."""
        family = self._family(key)
        family.pop(key, None)
        if value is not None:
            family[key] = (value, at_s)

    def to_forget(self, now_s: int) -> Iterator[bytes]:
        """Keys past their age or beyond the number kept, the oldest first, a bounded number."""
        left = EVICTIONS_PER_BATCH
        for keep in self.keeps:
            family = self.families.get(keep.prefix, {})
            surplus = len(family) - keep.max_entries
            for nth, (key, (_, at_s)) in enumerate(family.items()):
                if left == 0 or (nth >= surplus and now_s - at_s <= keep.max_age_s):
                    break
                left -= 1
                yield key

    def __len__(self) -> int:
        return sum(len(family) for family in self.families.values())

    def _family(self, key: bytes) -> dict[bytes, tuple[bytes, int]]:
        prefix = key[: key.index(b"/") + 1]
        return self.families.setdefault(prefix, {})


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

    def commit(self, now_s: int) -> None:
        """Make the changes part of the memory."""
        for key, value in self.changes.items():
            self.memory.apply(key, value, now_s)
