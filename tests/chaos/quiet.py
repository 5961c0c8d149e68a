"""Whether a hub has come to rest, by the broker's own word."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorNotAvailableError

from schemas.topics import INPUTS, LANE_TOPICS

STABLE = "Stable"
UNDER_WAY = {"Ongoing", "PrepareCommit", "PrepareAbort"}


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is still under way."""

    lag: int
    """Committed records the group has not moved yet."""
    open_transactions: int
    """Transactions of the group's producers that are not ended."""
    records: int
    """Offsets used on the input topics: records, and the marks of senders' transactions."""


def members(connection: Mapping[str, Any], group: str) -> int:
    """How many members the group has, each with its share; 0 while it is rebalancing."""
    try:
        with closing(KafkaAdminClient(**connection)) as admin:
            found = admin.describe_groups([group])[group]
    except CoordinatorNotAvailableError:  # the first group on a broker: its topic is being made
        return 0
    return len(found["members"]) if found["group_state"] == STABLE else 0


def look(connection: Mapping[str, Any], group: str, prefix: str) -> Quiet:
    """Committed offsets first, ends second: the lag is never negative by a race."""
    with closing(KafkaAdminClient(**connection)) as admin:
        committed = admin.list_group_offsets([group])[group]
        listed = admin.list_transactions()
    open_transactions = sum(
        each.state.value in UNDER_WAY and each.transactional_id.startswith(group)
        for transactions in listed.values()
        for each in transactions
    )
    places = [
        TopicPartition(prefix + topic.name, number)
        for topic in LANE_TOPICS
        for number in range(topic.partitions)
    ]
    with closing(KafkaConsumer(**connection, isolation_level="read_committed")) as consumer:
        ends = consumer.end_offsets(places)
        begins = consumer.beginning_offsets(places)
        done = {place: committed[place].offset for place in places if place in committed}
        lag = _readable(consumer, {**begins, **done}, ends)
    inputs = {prefix + topic.name for topic in INPUTS}
    records = sum(ends[place] - begins[place] for place in places if place.topic in inputs)
    return Quiet(lag, open_transactions, records)


def _readable(
    consumer: KafkaConsumer,
    positions: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
) -> int:
    """How many records lie between: marks of transactions and what was aborted are none."""
    behind = [place for place, end in ends.items() if positions[place] < end]
    consumer.assign(behind)
    for place in behind:
        consumer.seek(place, positions[place])
    found = 0
    while any(consumer.position(place) < ends[place] for place in behind):
        found += sum(len(records) for records in consumer.poll(200).values())
    return found
