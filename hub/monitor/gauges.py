"""Every metric there is: its name, its labels, what it says, and where it is read.

`kafka_consumergroup_group_*` and `kafka_partition_*` are those of kafka-lag-exporter and
klag-exporter, with the same labels but for the members' own, which change with every rebalance.
"""

from typing import Final, NamedTuple

from hub.monitor import readings
from hub.monitor.readings import Read

PLACE: Final = ("group", "topic", "partition")
WAY: Final = ("door", "recipient")


class Gauge(NamedTuple):
    """A metric: its name, labels beside `cluster_name`, what it says, and how it is read."""

    name: str
    labels: tuple[str, ...]
    says: str
    read: Read


GAUGES: Final = (
    Gauge(
        "kafka_consumergroup_group_offset", PLACE, "The offset the group has committed.",
        readings.of_rows(lambda row, _: row.committed),
    ),
    Gauge(
        "kafka_consumergroup_group_lag", PLACE,
        "Records that wait for the group; markers and aborted records do not count.",
        readings.of_rows(lambda row, _: row.lag),
    ),
    Gauge(
        "kafka_consumergroup_group_lag_seconds", PLACE,
        "How long the record it reads next has waited; 0 when nothing waits.",
        readings.of_rows(readings.lag_s),
    ),
    Gauge(
        "kafka_consumergroup_group_max_lag", ("group",), "The largest lag of its partitions.",
        readings.by_group(lambda row, _: row.lag, max),
    ),
    Gauge(
        "kafka_consumergroup_group_max_lag_seconds", ("group",),
        "The longest wait of its partitions.", readings.by_group(readings.lag_s, max),
    ),
    Gauge(
        "kafka_consumergroup_group_sum_lag", ("group",), "Records that wait, all partitions.",
        readings.by_group(lambda row, _: row.lag, sum),
    ),
    Gauge(
        "kafka_consumergroup_group_topic_sum_lag", ("group", "topic"),
        "Records that wait, all partitions of a topic.", readings.by_topic,
    ),
    Gauge(
        "kafka_consumergroup_group_messages_lost", PLACE,
        "Offsets deleted before the group had read them.",
        readings.of_rows(lambda row, _: row.lost),
    ),
    Gauge(
        "kafka_consumergroup_group_retention_margin", PLACE,
        "How far the group is ahead of what is deleted next.", readings.of_rows(readings.margin),
    ),
    Gauge(
        "kafka_consumergroup_group_lag_retention_ratio", PLACE,
        "The lag in percent of what is kept; at 100 records are lost.",
        readings.of_rows(readings.ratio),
    ),
    Gauge(
        "kafka_consumergroup_group_state", ("group",),
        "0 Unknown, 1 PreparingRebalance, 2 CompletingRebalance, 3 Stable, 4 Dead, 5 Empty, "
        "6 Assigning, 7 Reconciling.", readings.group_states,
    ),
    Gauge(
        "kafka_consumergroup_poll_time_ms", (), "How long the newest poll took, in milliseconds.",
        lambda snapshot, _: [((), 1000 * snapshot.took_s)],
    ),
    Gauge(
        "kafka_partition_latest_offset", ("topic", "partition"), "Where the partition ends.",
        readings.ends("high"),
    ),
    Gauge(
        "kafka_partition_earliest_offset", ("topic", "partition"), "The first offset it keeps.",
        readings.ends("start"),
    ),
    Gauge(
        "hub_partition_stable_offset", ("topic", "partition"),
        "Where a read_committed reader stops.", readings.ends("stable"),
    ),
    Gauge(
        "hub_reader_state", (*PLACE, "state"), "1 for the state the reader is in.", readings.states,
    ),
    Gauge(
        "hub_incidents_open", ("state",), "Incidents that are open, by state.", readings.incidents,
    ),
    Gauge(
        "hub_dead_letters", ("topic",), "Records on the dead-letter topic.",
        lambda snapshot, _: [((topic,), one.number) for topic, one in snapshot.dead.items()],
    ),
    Gauge(
        "hub_sender_silent_seconds", ("party",), "Working time since the party last sent.",
        readings.senders(lambda snapshot, nth: snapshot.silences[nth].silent.total_seconds()),
    ),
    Gauge(
        "hub_sender_usual_gap_seconds", ("party",), "Working time between two of its sendings.",
        readings.senders(lambda snapshot, nth: snapshot.silences[nth].usual.total_seconds()),
    ),
    Gauge(
        "hub_sender_strange", ("party",), "1 while its silence is longer than its rhythm allows.",
        readings.senders(lambda snapshot, nth: float(snapshot.silences[nth].is_strange)),
    ),
    Gauge(
        "hub_probe_through", WAY, "1 if the newest probe came through.",
        readings.probes(lambda one: float(one.stuck is None)),
    ),
    Gauge(
        "hub_probe_stuck", (*WAY, "stage"), "1 for the part of its way on which it stays.",
        readings.probe_stuck,
    ),
    Gauge(
        "hub_probe_seconds", (*WAY, "stage"),
        "How long after it was sent each part of its way lay behind it.", readings.probe_stages,
    ),
    Gauge(
        "hub_probe_sent_timestamp_seconds", WAY, "When the newest probe was sent.",
        readings.probes(lambda one: one.sent_at.timestamp()),
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
