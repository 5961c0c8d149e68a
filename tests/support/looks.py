"""Polls of a broker as the monitor would have seen them, one after the other."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from hub.monitor.look import Ends, Group, Look, Place, Transaction, Unread
from hub.monitor.memory import Memory
from hub.monitor.observing import observe
from hub.monitor.silence import Silence
from hub.monitor.snapshot import Row, Snapshot
from hub.monitor.states import State
from hub.monitor.watch import Watch

AT: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLL: Final = timedelta(seconds=10)
PLACE: Final = Place("referrals", 0)
GROUP: Final = "kurze-wege"


def group(committed: int | None = None, members: int = 1, state: str = "") -> Group:
    """A group at the usual partition."""
    known = {} if committed is None else {PLACE: committed}
    shown = state or ("Stable" if members else "Empty")
    return Group(shown, members, known, frozenset({PLACE}))


def ends(high: int, stable: int | None = None, start: int = 0) -> Ends:
    """The bounds of a partition, with no open transaction unless `stable` says so."""
    return Ends(start, high if stable is None else stable, high)


def waits(first: int, until: int, at: datetime, records: int | None = None) -> Unread:
    """Records from `first` up to `until`, the oldest appended at this moment."""
    return Unread(until - first if records is None else records, until, first, at)


def nothing(until: int) -> Unread:
    """Markers and aborted records only."""
    return Unread(0, until, None, None)


def look(
    at: datetime,
    groups: Mapping[str, Group],
    bounds: Ends,
    unread: Unread | None = None,
    transaction: Transaction | None = None,
) -> Look:
    """One poll of the usual partition; `unread` lies before every group that is not at the end."""
    found = {}
    for one in groups.values():
        asked = max(one.committed.get(PLACE, 0), bounds.start)
        if unread is not None and asked < bounds.stable:
            found[PLACE, asked] = unread
    open_one = {PLACE: transaction} if transaction else {}
    return Look(at, 0.1, groups, {PLACE: bounds}, frozenset(), found, open_one)


class Polls:
    """A monitor that is shown one poll after the other, ten seconds apart."""

    def __init__(self, watch: Watch | None = None) -> None:
        """Nothing was seen yet."""
        self.watch = watch or Watch()
        self.memory = Memory()
        self.at = AT
        self.snapshot: Snapshot | None = None

    def see(
        self,
        groups: Mapping[str, Group],
        bounds: Ends,
        unread: Unread | None = None,
        times: int = 1,
        transaction: Transaction | None = None,
        silences: tuple[Silence, ...] = (),
    ) -> Row | None:
        """The same poll so many times; the row of the usual group after it."""
        for _ in range(times):
            seen = look(self.at, groups, bounds, unread, transaction)
            self.memory, self.snapshot = observe(self.memory, seen, silences, self.watch)
            self.at += POLL
        assert self.snapshot is not None
        return next((row for row in self.snapshot.rows if row.group == GROUP), None)

    def state(self, *args: object, **how: object) -> State | None:
        """The same, only the state."""
        row = self.see(*args, **how)  # type: ignore[arg-type]  # handed through
        return row.state if row else None
