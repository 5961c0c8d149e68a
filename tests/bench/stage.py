"""Topics for one lap, with the backlog that waits on them before anybody starts."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from kafka import KafkaProducer

from schemas.codec import Record
from schemas.topics import LEDGER, REFERRALS, delivery_topic
from tests.bench.events import PARTITIONS, Events
from tests.bench.lives import Lives
from tests.support import topics
from tests.support.district import PARTIES
from tests.support.running_hub import GROUP, declare_topics

BATCH_BYTES: Final = 512 * 1024
HOLD_MS: Final = 10 * 60 * 1000
WAIT_MS: Final = 120_000
_AT_ONCE: Final = 200


Placed = Iterable[tuple[int, Record]]
"""Records, each with its partition."""
Dress = Callable[["Stage", Placed], Placed]
"""What doors do with the events before they lie on the topic."""


def as_they_are(_stage: "Stage", records: Placed) -> Placed:
    """The events lie there as they are."""
    return records


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a lap is run: all topics of a hub under one prefix."""

    bootstrap: str
    prefix: str
    folder: Path
    """For logs and scratch files."""
    parties: Sequence[str] = PARTIES
    parties_file: Path | None = None
    """The registry with them, where it is not the district's own."""

    @property
    def group(self) -> str:
        """The consumer group of whoever moves the events here."""
        return self.prefix + GROUP

    @property
    def source(self) -> str:
        """The topic with the backlog."""
        return self.prefix + REFERRALS.name

    @property
    def deliveries(self) -> list[str]:
        """The topics the recipients read."""
        return [self.prefix + delivery_topic(party).name for party in self.parties]

    @property
    def outputs(self) -> list[str]:
        """Every topic that events lead to."""
        return [*self.deliveries, self.prefix + LEDGER.name]

    def fill(self, events: Events | Lives, count: int, dress: Dress = as_they_are) -> list[int]:
        """Put the first `count` events on the source; returns how many lie on each partition."""
        records = dress(self, events.records(count))
        return asyncio.run(_fill(self.bootstrap, self.source, records))

    @contextmanager
    def held_back(self, events: Events, count: int) -> Iterator[list[int]]:
        """The same, but nobody can read them before the block ends: the transaction is open."""
        producer = KafkaProducer(
            bootstrap_servers=self.bootstrap,
            transactional_id=f"{self.prefix}filler",
            transaction_timeout_ms=HOLD_MS,
            linger_ms=20,
            batch_size=BATCH_BYTES,
            max_request_size=2 * BATCH_BYTES,
        )
        loaded = [0] * PARTITIONS
        try:
            producer.init_transactions()
            producer.begin_transaction()
            for place, record in events.records(count):
                loaded[place] += 1
                producer.send(self.source, record.value, record.key, list(record.headers), place)
            producer.flush()
            yield loaded
            producer.commit_transaction()
        finally:
            producer.close()


@contextmanager
def staged(stage: Stage) -> Iterator[Stage]:
    """Make the stage's topics; take everything under its prefix away at the end.

    Both are waited for: a broker at work on topics would disturb whatever is measured next.
    """
    declare_topics(stage.bootstrap, stage.prefix)
    made = {stage.prefix + delivery_topic(party).name for party in PARTIES}
    with topics.admin(stage.bootstrap) as admin:
        for several in _portions([topic for topic in stage.deliveries if topic not in made]):
            topics.create(stage.bootstrap, several)
            admin.wait_for_topics(several, timeout_ms=WAIT_MS)
    try:
        yield stage
    finally:
        with topics.admin(stage.bootstrap) as admin:
            for several in _portions(_under(admin, stage.prefix)):
                admin.delete_topics(several)
            while _under(admin, stage.prefix):
                time.sleep(0.1)


def _under(admin: Any, prefix: str) -> list[str]:  # noqa: ANN401 - kafka-python has no types
    return [name for name in admin.list_topics() if name.startswith(prefix)]


def _portions(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[begin : begin + _AT_ONCE] for begin in range(0, len(names), _AT_ONCE)]


async def _fill(bootstrap: str, topic: str, records: Iterable[tuple[int, Record]]) -> list[int]:
    loaded = [0] * PARTITIONS
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, enable_idempotence=True, max_batch_size=BATCH_BYTES
    )
    async with producer:
        building = [producer.create_batch() for _ in range(PARTITIONS)]
        for place, record in records:
            loaded[place] += 1
            told = {"key": record.key, "value": record.value, "headers": list(record.headers)}
            if building[place].append(timestamp=None, **told) is None:
                await producer.send_batch(building[place], topic, partition=place)
                building[place] = producer.create_batch()
                building[place].append(timestamp=None, **told)
        for place, batch in enumerate(building):
            if batch.record_count():
                await producer.send_batch(batch, topic, partition=place)
        await producer.flush()
    return loaded
