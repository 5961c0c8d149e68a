"""Groups moved to other offsets on purpose, on a real Kafka."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from hub.errors import UsageError
from hub.streaming import offsets
from hub.streaming.observation import see_group
from hub.streaming.offsets import EARLIEST, LATEST, GroupBusy, Move
from schemas.codec import Record
from tests.support import topics
from tests.support.joining import joining
from tests.support.waiting import until

pytestmark = pytest.mark.broker


class Reader:
    """A group of this test's own, and the topic it reads."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        """Two transactions of three records each, and the mark that ends each."""
        self.connection: dict[str, Any] = {"bootstrap_servers": bootstrap}
        self.group, self.topic = f"{prefix}statistics", f"{prefix}to.kfb"
        topics.create(bootstrap, [self.topic])
        record = Record(b"case", b"{}", [])
        with topics.transactional(bootstrap, f"{prefix}hub") as hub:
            for _ in range(2):
                topics.transact(hub, [(self.topic, record)] * 3)

    @property
    def as_group(self) -> dict[str, Any]:
        """How a client reads as the group."""
        return self.connection | {
            "group_id": self.group,
            "isolation_level": "read_committed",
            "auto_offset_reset": "earliest",
            "enable_auto_commit": False,
        }

    def read(self) -> list[int]:
        """Read to the end, commit, and leave; the offsets that were read."""
        place = TopicPartition(self.topic, 0)
        found: list[int] = []
        with closing(KafkaConsumer(**self.as_group)) as consumer:
            consumer.assign([place])
            until(lambda: self._is_over(consumer, place, found))
            consumer.commit()
        return found

    def _is_over(self, consumer: KafkaConsumer, place: TopicPartition, found: list[int]) -> bool:
        found += [one.offset for records in consumer.poll(200).values() for one in records]
        end = consumer.end_offsets([place])[place]
        return place in consumer.assignment() and consumer.position(place) == end

    def is_joined_by(self, consumer: KafkaConsumer) -> bool:
        """Whether this client is a member of the group, whatever it was given there."""
        consumer.poll(200)
        return see_group(self.connection, self.group).members == 1

    def plan(self, to: offsets.Target, topic: str | None = None) -> Move:
        """What a reset would do."""
        counted: list[int] = []
        planned = offsets.plan(self.connection, self.group, to, topic, None, counted.append)
        (move,) = planned
        return move


@pytest.fixture(name="reader")
def _reader(kafka: str, topic_prefix: str) -> Reader:
    """A group that has read nothing yet."""
    return Reader(kafka, topic_prefix)


def test_back_and_forth(reader: Reader) -> None:
    """What is planned is what then is read: marks of transactions count for nothing."""
    assert reader.read() == [0, 1, 2, 4, 5, 6]

    back = reader.plan(EARLIEST)
    assert back == Move(reader.topic, 0, stands=8, goes=0, again=6, skipped=0)
    assert reader.read() == []
    offsets.apply(reader.connection, reader.group, [back])
    ahead = reader.plan(5)
    assert ahead == Move(reader.topic, 0, stands=0, goes=5, again=0, skipped=4)
    offsets.apply(reader.connection, reader.group, [ahead])

    assert reader.read() == [5, 6]
    assert reader.plan(LATEST) == Move(reader.topic, 0, stands=8, goes=8, again=0, skipped=0)


def test_places_that_are_not_there(reader: Reader) -> None:
    """A place behind the end, and a time to come, mean the end; an hour ago is the beginning."""
    reader.read()
    now = datetime.now(UTC)

    assert reader.plan(10_000).goes == 8
    assert reader.plan(now + timedelta(days=1)).goes == 8
    assert reader.plan(now - timedelta(hours=1)).goes == 0


def test_a_group_that_never_read(reader: Reader) -> None:
    """A group without a position is moved where the topic is named, and not otherwise."""
    with pytest.raises(UsageError, match="committed nothing"):
        reader.plan(LATEST)

    move = reader.plan(LATEST, reader.topic)
    assert (move.stands, move.goes, move.skipped) == (None, 8, 6)
    offsets.apply(reader.connection, reader.group, [move])
    assert reader.read() == []


def test_a_topic_that_is_not_there(reader: Reader) -> None:
    """A topic that the broker does not have is an error that names it."""
    with pytest.raises(UsageError, match="no-such-topic"):
        reader.plan(LATEST, "no-such-topic")


def test_a_group_that_reads(reader: Reader) -> None:
    """While somebody reads as the group nothing is planned and nothing is moved."""
    reader.read()
    move = reader.plan(EARLIEST)
    with closing(joining(reader.topic, reader.as_group)) as consumer:
        until(lambda: reader.is_joined_by(consumer))
        with pytest.raises(GroupBusy, match="1 read as it now"):
            reader.plan(EARLIEST)
        with pytest.raises(GroupBusy):
            offsets.apply(reader.connection, reader.group, [move])

    assert reader.read() == []
