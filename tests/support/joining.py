"""Joins a consumer group with kafka-python."""

from collections.abc import Mapping
from typing import Any

from kafka import KafkaConsumer

from tests.support.waiting import until


def joining(topic: str, connection: Mapping[str, Any]) -> KafkaConsumer:
    """A consumer that shares the topic with its group as soon as it is polled.

    The topic is known to it before: a kafka-python client that joins while it learns of a new
    topic may give itself nothing, and never join again.
    """
    consumer = KafkaConsumer(**connection)
    until(lambda: bool(consumer.partitions_for_topic(topic)))
    consumer.subscribe([topic])
    return consumer
