"""What a lane's state holds, compared with what it should hold: counts, and what would mend it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

from hub.domain.decision import StateChanges
from hub.state import key as keys
from hub.state.replay import Doubt, Expected


class Entry(NamedTuple):
    """An entry of the state as it lies on its topic."""

    value: bytes
    written_ms: int
    """When, milliseconds since 1970."""


@dataclass(slots=True)
class Counts:
    """The entries of one family, by how they compare."""

    equal: int = 0
    missing: int = 0
    """The source tells of them, the state has them not."""
    different: int = 0
    """The state says something else than the source."""
    unexplained: int = 0
    """The state has them, and the source would tell of them if they should be there."""
    kept_older: int = 0
    """Their history begins before what the source still tells; they stay as they are."""
    kept_unconfirmed: int = 0
    """Decided otherwise then than they would be today; they stay as they are."""

    @property
    def wrong(self) -> int:
        """How many would be mended."""
        return self.missing + self.different + self.unexplained


COLUMNS = tuple(each.name for each in fields(Counts))


@dataclass(frozen=True, slots=True)
class Comparison:
    """One lane."""

    families: Mapping[str, Counts]
    changes: StateChanges
    """What makes the state as it should be, and leaves what nobody can judge."""


def compare(expected: Expected, found: Mapping[bytes, Entry], told_from_ms: float) -> Comparison:
    """Each entry expected or found; nothing written before the ledger begins is unexplained."""
    families: defaultdict[str, Counts] = defaultdict(Counts)
    changes: StateChanges = {}
    for key in sorted(expected.entries.keys() | found.keys()):
        verdict = _judged(key, expected, found.get(key), told_from_ms)
        if verdict is None:
            continue
        counts = families[keys.family(key)]
        setattr(counts, verdict, getattr(counts, verdict) + 1)
        if verdict in ("missing", "different", "unexplained"):
            changes[key] = expected.entries.get(key)
    return Comparison(dict(families), changes)


def _judged(key: bytes, expected: Expected, entry: Entry | None, told_from_ms: float) -> str | None:
    """The column in which it counts; None if it may be there or not."""
    wanted, doubt = expected.entries.get(key), expected.doubt(key)
    if entry is None:
        return None if doubt or key in expected.may_be_gone else "missing"
    if entry.value == wanted:
        return "equal"
    if doubt is None and wanted is None and entry.written_ms < told_from_ms:
        doubt = Doubt.OLDER
    if doubt is not None:
        return f"kept_{doubt}"
    return "unexplained" if wanted is None else "different"
