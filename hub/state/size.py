"""How large the state of a lane is, family by family."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.state import key as keys
from hub.state.comparison import Entry


@dataclass(slots=True)
class Size:
    """The entries of one family."""

    entries: int
    bytes: int
    """Of keys and values."""
    oldest_ms: int
    """When the oldest was written, milliseconds since 1970."""
    newest_ms: int


def sizes(found: Mapping[bytes, Entry]) -> dict[str, Size]:
    """The size of each family there is, by name."""
    families: dict[str, Size] = {}
    for key, (value, at_ms) in sorted(found.items()):
        size = families.setdefault(keys.family(key), Size(0, 0, at_ms, at_ms))
        size.entries += 1
        size.bytes += len(key) + len(value)
        size.oldest_ms = min(size.oldest_ms, at_ms)
        size.newest_ms = max(size.newest_ms, at_ms)
    return families
