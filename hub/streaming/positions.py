"""Where a lane goes on: the stable committed offset, and what lies beyond a gap."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from kafka import TopicPartition as KafkaTopicPartition

from hub.streaming.clients import open_consumer
from hub.streaming.fetching import stop_consumer

LOOK_MS: Final = 100


async def stable_offsets(
    connection: Mapping[str, Any], group: str, sources: Iterable[TopicPartition]
) -> dict[TopicPartition, int | None]:
    """The committed offset of each source with no transaction pending on it (KIP-447).

    None where nothing was ever committed. Faust's own client does not ask for stable offsets and
    could start before a commit that is still being written.
    """
    return await asyncio.to_thread(_stable_offsets, dict(connection), group, list(sources))


def _stable_offsets(
    connection: dict[str, Any], group: str, sources: list[TopicPartition]
) -> dict[TopicPartition, int | None]:
    consumer = open_consumer(
        connection,
        group_id=group,
        isolation_level="read_committed",
        enable_auto_commit=False,
    )
    try:
        return {
            tp: consumer.committed(KafkaTopicPartition(tp.topic, tp.partition)) for tp in sources
        }
    finally:
        consumer.close(autocommit=False)


class Gaps:
    """Asks the broker what lies ahead: one client for all lanes, made when first asked.

    What lanes write for each other leaves a mark behind each transaction, so they ask often.
    """

    def __init__(self, connection: Mapping[str, Any]) -> None:
        """Know the broker; nothing is connected yet."""
        self._connection = dict(connection)
        self._consumer: Any = None
        self._asking = asyncio.Lock()

    async def first_readable(self, source: TopicPartition, offset: int) -> tuple[int, int]:
        """The offset of the first readable record from this one on, and the earliest one kept."""
        async with self._asking:
            consumer = await self._connected()
            consumer.assign([source])
            earliest = (await consumer.beginning_offsets([source]))[source]
            consumer.seek(source, max(offset, earliest))
            record = await consumer.getone()
            consumer.unsubscribe()
            return int(record.offset), int(earliest)

    async def unread(self, positions: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
        """Where each partition ends that has records to read from its position on; no others.

        Marks of transactions are no records.
        """
        async with self._asking:
            consumer = await self._connected()
            places = list(positions)
            consumer.assign(places)
            earliest = await consumer.beginning_offsets(places)
            for place, position in positions.items():
                consumer.seek(place, max(position, earliest[place]))
            ends = await consumer.end_offsets(places)
            found: dict[TopicPartition, int] = {}
            while left := [p for p in places if await consumer.position(p) < ends[p]]:
                there = await consumer.getmany(*left, timeout_ms=LOOK_MS)
                found |= {place: ends[place] for place in there}
                places = [place for place in left if place not in found]
            consumer.unsubscribe()
            return found

    async def stop(self) -> None:
        """Let go of the broker, once the question that is being asked has its answer."""
        async with self._asking:
            if self._consumer is not None:
                await stop_consumer(self._consumer)

    async def _connected(self) -> Any:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                **self._connection,
                isolation_level="read_committed",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
            )
            await consumer.start()
            self._consumer = consumer
        return self._consumer
