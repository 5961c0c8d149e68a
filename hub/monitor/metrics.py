"""What is known, as Prometheus reads it: names that dashboards know already, and the hub's own.

`kafka_consumergroup_group_*` and `kafka_partition_*` are those of kafka-lag-exporter and
klag-exporter, with the same labels but for the members' own, which change with every rebalance.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from hub.monitor.poller import Poller
from hub.monitor.snapshot import Row, Snapshot
from hub.monitor.states import State

Value = tuple[tuple[str, ...], float]
"""The labels' values, without the cluster, and the number."""
Read = Callable[[Snapshot, datetime], Iterable[Value]]
GROUP_STATES: Final = {
    "Unknown": 0, "PreparingRebalance": 1, "CompletingRebalance": 2, "Stable": 3, "Dead": 4,
    "Empty": 5, "Assigning": 6, "Reconciling": 7, "Gone": 4, "Missing": 4,
}  # fmt: skip
PLACE: Final = ("group", "topic", "partition")


class Gauge(NamedTuple):
    """A metric: its name, labels beside `cluster_name`, what it says, and how it is read."""

    name: str
    labels: tuple[str, ...]
    says: str
    read: Read


def _of_rows(number: Callable[[Row, datetime], float | None]) -> Read:
    def read(snapshot: Snapshot, now: datetime) -> Iterator[Value]:
        for row in snapshot.rows:
            value = number(row, now)
            if value is not None:
                yield (row.group, row.place.topic, str(row.place.partition)), value

    return read


def _by_group(
    number: Callable[[Row, datetime], float], fold: Callable[[Iterable[float]], float]
) -> Read:
    def read(snapshot: Snapshot, now: datetime) -> Iterator[Value]:
        found: dict[str, list[float]] = {}
        for row in snapshot.rows:
            found.setdefault(row.group, []).append(number(row, now))
        yield from (((group,), fold(values)) for group, values in found.items())

    return read


def _by_topic(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    found: dict[tuple[str, str], int] = {}
    for row in snapshot.rows:
        key = row.group, row.place.topic
        found[key] = found.get(key, 0) + row.lag
    yield from ((key, lag) for key, lag in found.items())


def _lag_s(row: Row, now: datetime) -> float:
    return 0.0 if row.oldest_at is None else max(0.0, (now - row.oldest_at).total_seconds())


def _margin(row: Row, _now: datetime) -> float | None:
    if row.ends is None or row.committed is None:
        return None
    return row.committed - row.ends.start


def _ratio(row: Row, _now: datetime) -> float | None:
    if row.ends is None or row.ends.high == row.ends.start:
        return None
    return 100 * row.lag / (row.ends.high - row.ends.start)


def _group_states(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    states = {row.group: GROUP_STATES.get(row.group_state, 0) for row in snapshot.rows}
    yield from (((group,), state) for group, state in states.items())


def _states(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    for row in snapshot.rows:
        place = row.group, row.place.topic, str(row.place.partition)
        yield (*place, row.state.value), 1


def _ends(which: str) -> Read:
    def read(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
        for place, ends in snapshot.topics.items():
            yield (place.topic, str(place.partition)), getattr(ends, which)

    return read


def _incidents(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
    for state in State:
        if state.is_bad:
            yield (state.value,), sum(one.state is state for one in snapshot.incidents)


def _senders(number: Callable[[Snapshot, int], float]) -> Read:
    def read(snapshot: Snapshot, _now: datetime) -> Iterator[Value]:
        for nth, one in enumerate(snapshot.silences):
            yield (one.party,), number(snapshot, nth)

    return read


GAUGES: Final = (
    Gauge(
        "kafka_consumergroup_group_offset", PLACE, "The offset the group has committed.",
        _of_rows(lambda row, _: row.committed),
    ),
    Gauge(
        "kafka_consumergroup_group_lag", PLACE,
        "Records that wait for the group; markers and aborted records do not count.",
        _of_rows(lambda row, _: row.lag),
    ),
    Gauge(
        "kafka_consumergroup_group_lag_seconds", PLACE,
        "How long the record it reads next has waited; 0 when nothing waits.", _of_rows(_lag_s),
    ),
    Gauge(
        "kafka_consumergroup_group_max_lag", ("group",), "The largest lag of its partitions.",
        _by_group(lambda row, _: row.lag, max),
    ),
    Gauge(
        "kafka_consumergroup_group_max_lag_seconds", ("group",),
        "The longest wait of its partitions.", _by_group(_lag_s, max),
    ),
    Gauge(
        "kafka_consumergroup_group_sum_lag", ("group",), "Records that wait, all partitions.",
        _by_group(lambda row, _: row.lag, sum),
    ),
    Gauge(
        "kafka_consumergroup_group_topic_sum_lag", ("group", "topic"),
        "Records that wait, all partitions of a topic.", _by_topic,
    ),
    Gauge(
        "kafka_consumergroup_group_messages_lost", PLACE,
        "Offsets deleted before the group had read them.", _of_rows(lambda row, _: row.lost),
    ),
    Gauge(
        "kafka_consumergroup_group_retention_margin", PLACE,
        "How far the group is ahead of what is deleted next.", _of_rows(_margin),
    ),
    Gauge(
        "kafka_consumergroup_group_lag_retention_ratio", PLACE,
        "The lag in percent of what is kept; at 100 records are lost.", _of_rows(_ratio),
    ),
    Gauge(
        "kafka_consumergroup_group_state", ("group",),
        "0 Unknown, 1 PreparingRebalance, 2 CompletingRebalance, 3 Stable, 4 Dead, 5 Empty, "
        "6 Assigning, 7 Reconciling.", _group_states,
    ),
    Gauge(
        "kafka_consumergroup_poll_time_ms", (), "How long the newest poll took, in milliseconds.",
        lambda snapshot, _: [((), 1000 * snapshot.took_s)],
    ),
    Gauge(
        "kafka_partition_latest_offset", ("topic", "partition"), "Where the partition ends.",
        _ends("high"),
    ),
    Gauge(
        "kafka_partition_earliest_offset", ("topic", "partition"), "The first offset it keeps.",
        _ends("start"),
    ),
    Gauge(
        "hub_partition_stable_offset", ("topic", "partition"),
        "Where a read_committed reader stops.", _ends("stable"),
    ),
    Gauge(
        "hub_reader_state", (*PLACE, "state"), "1 for the state the reader is in.", _states,
    ),
    Gauge(
        "hub_incidents_open", ("state",), "Incidents that are open, by state.", _incidents,
    ),
    Gauge(
        "hub_dead_letters", ("topic",), "Records on the dead-letter topic.",
        lambda snapshot, _: [((topic,), one.number) for topic, one in snapshot.dead.items()],
    ),
    Gauge(
        "hub_sender_silent_seconds", ("party",), "Working time since the party last sent.",
        _senders(lambda snapshot, nth: snapshot.silences[nth].silent.total_seconds()),
    ),
    Gauge(
        "hub_sender_usual_gap_seconds", ("party",), "Working time between two of its sendings.",
        _senders(lambda snapshot, nth: snapshot.silences[nth].usual.total_seconds()),
    ),
    Gauge(
        "hub_sender_strange", ("party",), "1 while its silence is longer than its rhythm allows.",
        _senders(lambda snapshot, nth: float(snapshot.silences[nth].is_strange)),
    ),
    Gauge(
        "hub_monitor_last_sight_timestamp_seconds", (), "When the broker was last seen.",
        lambda snapshot, _: [((), snapshot.at.timestamp())],
    ),
    Gauge(
        "hub_monitor_up", (), "1 while the broker answers.",
        lambda snapshot, _: [((), float(snapshot.blind_since is None))],
    ),
)  # fmt: skip
"""Every metric there is; `hub/monitor/README.md` has the same, a test compares them."""


class Figures(Collector):
    """Reads the newest snapshot; a scrape asks nothing of the broker."""

    def __init__(self, poller: Poller, cluster: str, now: Callable[[], datetime]) -> None:
        """Label everything with this cluster's name."""
        self._poller = poller
        self._cluster = cluster
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Every metric; none before the first poll."""
        snapshot, now = self._poller.snapshot, self._now()
        if snapshot is None:
            return
        for gauge in GAUGES:
            family = GaugeMetricFamily(
                gauge.name, gauge.says, labels=("cluster_name", *gauge.labels)
            )
            for labels, number in gauge.read(snapshot, now):
                family.add_metric((self._cluster, *labels), number)
            yield family
