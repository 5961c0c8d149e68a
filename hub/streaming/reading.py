"""Reads whole topics as a recipient would: from the first record on, committed ones only."""

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from kafka import TopicPartition
from kafka.errors import KafkaError

from hub.errors import BrokerUnavailable
from hub.streaming.admin import in_words
from hub.streaming.clients import open_consumer
from schemas.codec import Record

MAX_RECORDS: Final = 2000
READ_AGAIN_S: Final = 1.0
SETTINGS: Final[Mapping[str, object]] = {
    "group_id": None,
    "enable_auto_commit": False,
    "isolation_level": "read_committed",
    "auto_offset_reset": "earliest",
    "allow_auto_create_topics": False,
    "fetch_max_wait_ms": 100,
    "metrics_enabled": False,
}
"""The broker holds back an empty answer for 100 ms at most; records it sends at once."""


class Found(NamedTuple):
    """A record and where it lies."""

    topic: str
    """With the prefix, as the broker knows it."""
    partition: int
    offset: int
    timestamp_ms: int
    """When it was stamped, milliseconds since 1970."""
    record: Record


def places_of(consumer: Any, topics: Sequence[str]) -> list[TopicPartition]:
    """Every partition of these topics; raises BrokerUnavailable where one is not there."""
    known = {topic: consumer.partitions_for_topic(topic) for topic in topics}
    missing = sorted(topic for topic, partitions in known.items() if not partitions)
    if missing:
        what = f"The broker does not have these topics: {', '.join(missing)}."
        raise BrokerUnavailable(what, remedy="Create them with: hub topics apply")
    return [TopicPartition(topic, number) for topic in topics for number in known[topic]]


class Reader:
    """Reads the topics it is given, all partitions, without a group and without a trace."""

    def __init__(
        self, connection: Mapping[str, Any], topics: Sequence[str], *, from_end: bool = False
    ) -> None:
        """Begin at the first record of each topic, or behind its last; raises BrokerUnavailable.

        `connection` holds the client's settings: `bootstrap_servers`, and the security if any.
        """
        self._where = str(connection.get("bootstrap_servers"))
        try:
            self._consumer = open_consumer(connection, **SETTINGS)
            self._begin(topics, from_end=from_end)
        except KafkaError as error:
            raise BrokerUnavailable(where=self._where) from error

    def _begin(self, topics: Sequence[str], *, from_end: bool) -> None:
        try:
            places = places_of(self._consumer, topics)
            self._consumer.assign(places)
            if from_end:
                for place, end in self._consumer.end_offsets(places).items():
                    self._consumer.seek(place, end)
        except BaseException:
            self._consumer.close()
            raise

    def read(self, wait_s: float) -> list[Found]:
        """What has come since the last call, waiting up to `wait_s` seconds for the first.

        Raises BrokerUnavailable, and BrokerRefused where it may not be read.
        """
        try:
            fetched = self._consumer.poll(timeout_ms=int(wait_s * 1000), max_records=MAX_RECORDS)
        except KafkaError as error:
            raise in_words(error, self._where) from error
        return [
            Found(
                one.topic,
                one.partition,
                one.offset,
                one.timestamp,
                Record(one.key, one.value, one.headers),
            )
            for records in fetched.values()
            for one in records
        ]

    def rest(self) -> list[Found]:
        """All that lies there now and was not read yet; raises BrokerUnavailable."""
        return [one for some in self.parts() for one in some]

    def parts(self) -> Iterator[list[Found]]:
        """The same part by part, so that not all of it is held at once."""
        try:
            ends = self._consumer.end_offsets(list(self._consumer.assignment()))
            while any(self._consumer.position(place) < end for place, end in ends.items()):
                yield self.read(READ_AGAIN_S)
        except KafkaError as error:
            raise BrokerUnavailable from error

    def at(self, topic: str, partition: int, offset: int) -> Found | None:
        """The record that lies there; None: none does. Raises BrokerUnavailable."""
        place = TopicPartition(topic, partition)
        if place not in self._consumer.assignment():
            return None
        self._consumer.assign([place])
        try:
            first = self._consumer.beginning_offsets([place])[place]
            end = self._consumer.end_offsets([place])[place]
            self._consumer.seek(place, offset)
            while first <= offset < end and self._consumer.position(place) < end:
                for one in self.read(READ_AGAIN_S):
                    return one if one.offset == offset else None
        except KafkaError as error:
            raise BrokerUnavailable from error
        return None

    def close(self) -> None:
        """Let go of the connections."""
        self._consumer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
