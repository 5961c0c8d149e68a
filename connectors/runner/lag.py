"""Tells Kafka how far a sink has come and when, for the eyes of operations; no sink reads it."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import cycle

import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

EVERY_S = 1.0
"""How often what has changed is told, in seconds."""
SIGN_EVERY_S = 3.0
"""After how many seconds without a change a sign of life is given."""
AT_THE_END_MS = 2000
log = structlog.get_logger()


def told_at(metadata: str) -> datetime | None:
    """When a position was told, from what was told beside it; None: not by this sink."""
    try:
        return datetime.fromisoformat(metadata)
    except ValueError:
        return None


class Lag:
    """The positions of a consumer, told when they have changed, each with the time.

    The position is told, not the last delivery: the records that mark the end of a transaction
    come after it, and would count as lag for ever. Where nothing changes one position is told
    again as a sign of life, each in its turn: who has nothing to read can be told from who is
    dead, and Kafka forgets nothing, as it does after a week of silence.
    """

    def __init__(self, consumer: KafkaConsumer, places: Sequence[TopicPartition]) -> None:
        """Start with nothing told."""
        self._consumer = consumer
        self._places = places
        self._turns = cycle(places)
        self._told: dict[TopicPartition, int] = {}
        self._next_at = 0.0
        self._sign_at = 0.0

    def tell(self) -> None:
        """Tell what has changed, at most once a second; never waits for the answer."""
        if time.monotonic() < self._next_at:
            return
        self._next_at = time.monotonic() + EVERY_S
        try:
            if news := self._changed() or self._sign():
                self._sign_at = time.monotonic() + SIGN_EVERY_S
                self._consumer.commit_async(news, callback=self._answered)
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
            place: _now_at(position)
            for place, position in positions.items()
            if position is not None and self._told.get(place) != position
        }

    def _sign(self) -> dict[TopicPartition, OffsetAndMetadata]:
        """A position told before, told again; nothing before its time."""
        if time.monotonic() < self._sign_at:
            return {}
        place = next(self._turns)
        return {place: _now_at(self._told[place])} if place in self._told else {}

    def _answered(
        self, offsets: Mapping[TopicPartition, OffsetAndMetadata], answer: object
    ) -> None:
        if isinstance(answer, Exception):
            log.info("lag_not_told", why=type(answer).__name__)
        else:
            self._told |= {place: told.offset for place, told in offsets.items()}


def _now_at(position: int) -> OffsetAndMetadata:
    return OffsetAndMetadata(position, datetime.now(UTC).isoformat(timespec="seconds"), -1)
