"""What waited and what came in over the last hours: written on from poll to poll, in memory.

It begins anew with the monitor; the longer past is what Prometheus keeps of `/metrics`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from hub.monitor.snapshot import Row, Snapshot
from hub.monitor.watch import Watch
from schemas.topics import DELIVERY_PREFIX, INPUTS, PROBES

SLOT: Final = timedelta(minutes=5)
KEPT: Final = timedelta(hours=12)
_ZERO: Final = timedelta(0)


class Slot(NamedTuple):
    """Five minutes."""

    begins_at: datetime
    before_hub: int
    """The most that waited for the workers at once."""
    before_parties: int
    """The most that waited for the parties' readers at once, of each party for the slowest."""
    longest: timedelta
    """The longest that any of it had waited."""
    came_in: int
    """Offsets that the doors have filled on the input topics; they write without markers."""
    moved: int
    """Offsets of these topics that the workers have put behind them."""


History = tuple[Slot, ...]
"""The oldest first; five minutes in which the broker was not seen are missing."""


def recorded(history: History, before: Snapshot | None, new: Snapshot, watch: Watch) -> History:
    """The history with a poll more; a poll that did not see the broker adds nothing."""
    if new.blind_since is not None:
        return history
    seen = _seen(before, new, watch)
    newest = history[-1] if history and history[-1].begins_at == seen.begins_at else None
    rest = history[:-1] if newest else history
    kept = tuple(slot for slot in rest if seen.begins_at - slot.begins_at < KEPT)
    return (*kept, _together(newest, seen) if newest else seen)


def slot_of(at: datetime) -> datetime:
    """When the five minutes of a moment begin, in UTC."""
    begins = datetime.min.replace(tzinfo=UTC)
    return at.astimezone(UTC) - (at - begins) % SLOT


def _seen(before: Snapshot | None, new: Snapshot, watch: Watch) -> Slot:
    """What one poll adds."""
    inputs = {watch.prefix + topic.name for topic in INPUTS if topic != PROBES}
    lanes = [row for row in new.rows if row.group in watch.joining]
    deliveries: dict[str, int] = {}
    for row in new.rows:
        topic = row.place.topic
        if topic.startswith(watch.prefix + DELIVERY_PREFIX):
            deliveries[topic] = max(deliveries.get(topic, 0), row.lag)
    ages = (new.at - row.oldest_at for row in new.rows if row.oldest_at)
    return Slot(
        begins_at=slot_of(new.at),
        before_hub=sum(row.lag for row in lanes),
        before_parties=sum(deliveries.values()),
        longest=max(ages, default=_ZERO),
        came_in=_grown(_ends(before, inputs), _ends(new, inputs)),
        moved=_grown(_committed(before, watch, inputs), _committed(new, watch, inputs)),
    )


def _together(one: Slot, other: Slot) -> Slot:
    return Slot(
        begins_at=one.begins_at,
        before_hub=max(one.before_hub, other.before_hub),
        before_parties=max(one.before_parties, other.before_parties),
        longest=max(one.longest, other.longest),
        came_in=one.came_in + other.came_in,
        moved=one.moved + other.moved,
    )


def _ends(snapshot: Snapshot | None, topics: Iterable[str]) -> dict[object, int]:
    known = snapshot.topics if snapshot else {}
    return {place: ends.high for place, ends in known.items() if place.topic in topics}


def _committed(snapshot: Snapshot | None, watch: Watch, topics: Iterable[str]) -> dict[object, int]:
    rows: Iterable[Row] = snapshot.rows if snapshot else ()
    return {
        row.place: row.committed
        for row in rows
        if row.group in watch.joining and row.place.topic in topics and row.committed is not None
    }


def _grown(before: dict[object, int], after: dict[object, int]) -> int:
    """By how much together; what was not known before, or went back, has not grown."""
    return sum(max(0, end - before[place]) for place, end in after.items() if place in before)
