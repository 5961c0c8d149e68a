"""Where a sink goes on reading: at its own positions, as far as Kafka still has them."""

from collections.abc import Mapping, Sequence

import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from connectors.errors import Broken, Later
from connectors.runner.clients import RETRY_AFTER_S, not_now

ANSWER_WITHIN_MS = 10_000
log = structlog.get_logger()


def assign(consumer: KafkaConsumer, topics: Sequence[str]) -> list[TopicPartition]:
    """Take every partition of the topics; raises Later as long as one topic is missing."""
    try:
        partitions = {topic: consumer.partitions_for_topic(topic) for topic in topics}
        places = [TopicPartition(t, p) for t in topics for p in sorted(partitions[t])]
        missing = [topic for topic in topics if not partitions[topic]]
        if missing:
            raise Later(RETRY_AFTER_S, f"topics are missing: {', '.join(missing)}")
        consumer.assign(places)
    except KafkaError as error:
        raise not_now(error, "say which partitions there are") from error
    return places


def seek(
    consumer: KafkaConsumer,
    places: Sequence[TopicPartition],
    kept: Mapping[tuple[str, int], int],
) -> None:
    """Go to the kept positions, and to the beginning where there is none.

    What was deleted before it was read is logged with how many it may be: the mark at the end of
    a transaction has an offset too. Raises Later when Kafka does not answer, and Broken when a
    kept position lies behind the end: the topic was made anew, or Kafka lost what it had
    acknowledged, and only a person can say which deliveries are missing.
    """
    try:
        first = consumer.beginning_offsets(places, timeout_ms=ANSWER_WITHIN_MS)
        end = consumer.end_offsets(places, timeout_ms=ANSWER_WITHIN_MS)
        for place in places:
            position = kept.get((place.topic, place.partition), first[place])
            if position > end[place]:
                raise Broken(
                    f"{place.topic}[{place.partition}] ends at {end[place]}, but its deliveries"
                    f" were kept up to {position}: the topic is not the one that was read"
                )
            if position < first[place]:
                log.error(
                    "deliveries_may_be_missed",
                    topic=place.topic,
                    partition=place.partition,
                    first=position,
                    at_most=first[place] - position,
                )
            consumer.seek(place, max(position, first[place]))
    except KafkaError as error:
        raise not_now(error, "say which offsets there are") from error
