"""What a lane knows of one of its source partitions: what it took in, and how far it has moved."""

import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from aiokafka import TopicPartition

from hub.domain.decision import Received
from schemas.codec import Record


class Source:
    """One partition of one input topic.

    It trusts offsets, not deliveries: what it had before is dropped, and what is missing before
    an offered batch is asked for again.
    """

    def __init__(self, place: TopicPartition, position: int) -> None:
        """Go on at this offset."""
        self.place = place
        self.position = position
        """The offset after the last record whose transaction is committed."""
        self.expected = position
        """The offset after the last record taken in."""
        self.progress_at = time.monotonic()
        """When it last moved, monotonic seconds."""
        self.waiting: deque[Any] = deque()
        """Records taken in and not yet moved."""

    def fresh(self, records: Sequence[Any]) -> Sequence[Any]:
        """Those of the offered records that were not taken in before."""
        return [record for record in records if record.offset >= self.expected]

    def take_in(self, fresh: Sequence[Any]) -> None:
        """Have these wait; nothing readable may lie between what was taken in and them."""
        self.expected = fresh[-1].offset + 1
        self.waiting.extend(fresh)

    def take_out(self, most: int) -> list[Any]:
        """The next records to move."""
        return [self.waiting.popleft() for _ in range(min(most, len(self.waiting)))]

    def moved(self, position: int) -> None:
        """Everything below this offset is committed."""
        self.position = position
        self.progress_at = time.monotonic()

    def forget_waiting(self) -> None:
        """What waited will be offered again."""
        self.waiting.clear()
        self.expected = self.position


def received(record: Any) -> Received:
    """A record that was fetched, as the rules see it."""
    stamp = record.timestamp
    return Received(record.topic, record.partition, record.offset, stamp, as_said(record))


def as_said(record: Any) -> Record:
    """A record that was fetched, without its place."""
    return Record(record.key, record.value, record.headers)
