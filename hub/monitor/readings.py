"""Figures read off a snapshot, each with the values of its labels."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from hub.monitor.probed import Probed
from hub.monitor.probes import Stage
from hub.monitor.snapshot import Row, Snapshot
from hub.monitor.states import State

Value = tuple[tuple[str, ...], float]
"""The labels' values, without the cluster, and the number."""
Read = Callable[[Snapshot, datetime], Iterable[Value]]
GROUP_STATES: Final = {
    "Unknown": 0, "PreparingRebalance": 1, "CompletingRebalance": 2, "Stable": 3, "Dead": 4,
    "Empty": 5, "Assigning": 6, "Reconciling": 7, "Gone": 4, "Missing": 4,
}  # fmt: skip


def of_rows(number: Callable[[Row, datetime], float | None]) -> Read:
    """A figure of each reader; None: there is none."""

    def read(snapshot: Snapshot, now: datetime) -> Iterator[Value]:
        for row in snapshot.rows:
            value = number(row, now)
            if value is not None:
                yield (row.group, row.place.topic, str(row.place.partition)), value

    return read


def by_group(
    number: Callable[[Row, datetime], float], fold: Callable[[Iterable[float]], float]
) -> Read:
    """The figures of a group folded into one."""

    def read(snapshot: Snapshot, now: datetime) -> Iterator[Value]:
        found: dict[str, list[float]] = {}
        for row in snapshot.rows:
            found.setdefault(row.group, []).append(number(row, now))
        yield from (((group,), fold(values)) for group, values in found.items())

    return read


def by_topic(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    """The lag of a group on each topic."""
    found: dict[tuple[str, str], int] = {}
    for row in snapshot.rows:
        key = row.group, row.place.topic
        found[key] = found.get(key, 0) + row.lag
    yield from ((key, lag) for key, lag in found.items())


def lag_s(row: Row, now: datetime) -> float:
    """How long the record it reads next has waited, in seconds."""
    return 0.0 if row.oldest_at is None else max(0.0, (now - row.oldest_at).total_seconds())


def margin(row: Row, _now: datetime) -> float | None:
    """How far it is from what is deleted next."""
    if row.ends is None or row.committed is None:
        return None
    return row.committed - row.ends.start


def ratio(row: Row, _now: datetime) -> float | None:
    """The lag in percent of what is kept."""
    if row.ends is None or row.ends.high == row.ends.start:
        return None
    return 100 * row.lag / (row.ends.high - row.ends.start)


def group_states(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    """Each group's state as klag-exporter numbers it."""
    states = {row.group: GROUP_STATES.get(row.group_state, 0) for row in snapshot.rows}
    yield from (((group,), state) for group, state in states.items())


def states(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    """Each reader and the state it is in."""
    for row in snapshot.rows:
        place = row.group, row.place.topic, str(row.place.partition)
        yield (*place, row.state.value), 1


def ends(which: str) -> Read:
    """A bound of each partition."""

    def read(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
        for place, ends in snapshot.topics.items():
            yield (place.topic, str(place.partition)), getattr(ends, which)

    return read


def incidents(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    """How many are open, by state."""
    for state in State:
        if state.is_bad:
            yield (state.value,), sum(one.state is state for one in snapshot.incidents)


def probes(number: Callable[[Probed], float]) -> Read:
    """A figure of the newest probe of each way."""

    def read(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
        for one in snapshot.probed:
            yield (one.door, one.recipient), number(one)

    return read


def probe_stages(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    """How long after it was sent each part of its way lay behind it."""
    for one in snapshot.probed:
        for stage, took in one.took.items():
            yield (one.door, one.recipient, stage.value), took.total_seconds()


def probe_stuck(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    """Each part of the way, and whether the probe stays on it."""
    for one in snapshot.probed:
        for stage in Stage:
            yield (one.door, one.recipient, stage.value), float(one.stuck is stage)


def senders(number: Callable[[Snapshot, int], float]) -> Read:
    """A figure of each party that has a rhythm."""

    def read(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
        for nth, one in enumerate(snapshot.silences):
            yield (one.party,), number(snapshot, nth)

    return read
