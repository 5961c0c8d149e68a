"""How old the oldest record of each topic is: whether what may not be kept longer is gone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from kafka.errors import KafkaError

from hub.errors import BrokerUnavailable
from hub.streaming.clients import open_consumer
from hub.streaming.reading import places_of
from schemas.topics import SEGMENT_MS, Topic

SLACK_MS: Final = 60 * 60 * 1000
"""How long the broker may take to look at its segments and delete a file."""
WAIT_MS: Final = 500


class Age(NamedTuple):
    """One topic."""

    topic: str
    """With its prefix."""
    kept_ms: int | None
    """How long a record may stay; None: as long as its key is in use."""
    age_ms: int | None
    """How old the oldest one is; None: there is none."""

    @property
    def is_kept_too_long(self) -> bool:
        """Whether it should be gone: Kafka deletes whole segments, of a day each."""
        if self.kept_ms is None or self.age_ms is None:
            return False
        return self.age_ms > self.kept_ms + SEGMENT_MS + SLACK_MS


def ages(
    connection: Mapping[str, Any], topics: Sequence[Topic], prefix: str, now_ms: int
) -> list[Age]:
    """The age of each topic's oldest record, aborted ones included: they are kept as well.

    Raises BrokerUnavailable, also where a topic is not there.
    """
    try:
        consumer = open_consumer(
            connection, group_id=None, enable_auto_commit=False, max_partition_fetch_bytes=1
        )
    except KafkaError as error:
        raise BrokerUnavailable(where=str(connection.get("bootstrap_servers"))) from error
    try:
        found = _oldest(consumer, [prefix + topic.name for topic in topics])
    except KafkaError as error:
        raise BrokerUnavailable from error
    finally:
        consumer.close()
    return [
        Age(
            name,
            None if topic.compacted else topic.retention_ms,
            None if found[name] is None else max(0, now_ms - found[name]),
        )
        for topic in topics
        for name in [prefix + topic.name]
    ]


def _oldest(consumer: Any, names: Sequence[str]) -> dict[str, Any]:
    """The stamp of each topic's first record, milliseconds since 1970; None: it has none."""
    places = places_of(consumer, names)
    begins, ends = consumer.beginning_offsets(places), consumer.end_offsets(places)
    waiting = {place for place in places if begins[place] < ends[place]}
    consumer.assign(list(waiting))
    for place in waiting:
        consumer.seek(place, begins[place])
    stamps: dict[str, Any] = dict.fromkeys(names)
    while waiting:
        for place, records in consumer.poll(WAIT_MS).items():
            before = stamps[place.topic]
            first = records[0].timestamp
            stamps[place.topic] = first if before is None else min(before, first)
            consumer.pause(place)
            waiting.discard(place)
        waiting = {place for place in waiting if consumer.position(place) < ends[place]}
    return stamps
