"""Tells Kafka how far a sink has come, so that operations see its lag; nothing reads it back."""

import time
from collections.abc import Mapping, Sequence

import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

EVERY_S = 1.0
"""How often it is told, in seconds."""
AT_THE_END_MS = 2000
log = structlog.get_logger()


class Lag:
    """The positions of a consumer, told when they have changed.

    The position is told, not the last delivery: the records that mark the end of a transaction
    come after it, and would count as lag for ever.
    """

    def __init__(self, consumer: KafkaConsumer, places: Sequence[TopicPartition]) -> None:
        """Start with nothing told."""
        self._consumer = consumer
        self._places = places
        self._told: dict[TopicPartition, int] = {}
        self._next_at = 0.0

    def tell(self) -> None:
        """Tell what has changed, at most once a second; never waits for the answer."""
        if time.monotonic() < self._next_at:
            return
        self._next_at = time.monotonic() + EVERY_S
        try:
            if changed := self._changed():
                self._consumer.commit_async(changed, callback=self._answered)
        except KafkaError as error:
            log.info("lag_not_told", why=type(error).__name__)

    def tell_at_the_end(self) -> None:
        """Tell what has changed and wait up to two seconds for the answer."""
        try:
            if changed := self._changed():
                self._consumer.commit(changed, timeout_ms=AT_THE_END_MS)
        except KafkaError as error:
            log.info("lag_not_told", why=type(error).__name__)

    def _changed(self) -> dict[TopicPartition, OffsetAndMetadata]:
        positions = {place: self._consumer.position(place, timeout_ms=0) for place in self._places}
        return {
            place: OffsetAndMetadata(position, "", -1)
            for place, position in positions.items()
            if position is not None and self._told.get(place) != position
        }

    def _answered(
        self, offsets: Mapping[TopicPartition, OffsetAndMetadata], answer: object
    ) -> None:
        if isinstance(answer, Exception):
            log.info("lag_not_told", why=type(answer).__name__)
        else:
            self._told |= {place: told.offset for place, told in offsets.items()}
