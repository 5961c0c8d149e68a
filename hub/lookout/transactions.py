"""Which open transaction holds a partition's readers up, and since when."""

from collections.abc import Collection
from datetime import UTC, datetime

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import BrokerResponseError

from hub.monitor.look import Place, Transaction


def oldest(admin: KafkaAdminClient, places: Collection[Place]) -> dict[Place, Transaction]:
    """The oldest open transaction on each partition that has one (KIP-664).

    Empty where the hub's user may not ask: the rest of the poll counts all the same.
    """
    if not places:
        return {}
    try:
        return _oldest(admin, places)
    except BrokerResponseError:
        return {}


def _oldest(admin: KafkaAdminClient, places: Collection[Place]) -> dict[Place, Transaction]:
    states = admin.describe_producers([TopicPartition(*place) for place in places])
    producer_of: dict[Place, int] = {}
    for place in places:
        writing = [
            (one.current_transaction_start_offset, one.producer_id)
            for one in states[TopicPartition(*place)].active_producers
            if one.current_transaction_start_offset >= 0
        ]
        if writing:
            producer_of[place] = min(writing)[1]
    if not producer_of:
        return {}
    named = _names(admin, set(producer_of.values()))
    return {place: named[producer] for place, producer in producer_of.items()}


def _names(admin: KafkaAdminClient, producers: set[int]) -> dict[int, Transaction]:
    """The transaction of each producer; one that its coordinator does not know hangs."""
    found = dict.fromkeys(producers, Transaction(None, None))
    listed = admin.list_transactions(producer_id_filters=sorted(producers))
    names = {one.transactional_id: one.producer_id for rows in listed.values() for one in rows}
    for name, one in admin.describe_transactions(list(names)).items():
        began = one.transaction_start_time_ms
        since = datetime.fromtimestamp(began / 1000, tz=UTC) if began > 0 else None
        found[names[name]] = Transaction(name, since)
    return found
