"""Whether a hub has come to rest, by the broker's own word."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from schemas.topics import INPUTS

UNDER_WAY = {"Ongoing", "PrepareCommit", "PrepareAbort"}


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is still under way."""

    lag: int
    """Committed records the group has not moved yet."""
    open_transactions: int
    """Transactions of the group's producers that are not ended."""


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
        for topic in INPUTS
        for number in range(topic.partitions)
    ]
    with closing(KafkaConsumer(**connection, isolation_level="read_committed")) as consumer:
        ends = consumer.end_offsets(places)
        begins = consumer.beginning_offsets(places)
    lag = 0
    for place in places:
        done = committed[place].offset if place in committed else begins[place]
        lag += max(0, ends[place] - done)
    return Quiet(lag, open_transactions)
