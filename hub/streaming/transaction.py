"""One batch as one Kafka transaction: outputs, state changes and the source offset together."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.partitioner import DefaultPartitioner

from hub.domain.decision import Outgoing

BATCH_BYTES: Final = 512 * 1024
"""How large one record batch may grow; below the topics' max.message.bytes."""


class Transactions:
    """The transactional producer of one lane.

    Starting it fences whoever had the lane before: the broker ends their open transaction and
    refuses their next step (KIP-98). Batches are written as whole record batches.
    """

    def __init__(
        self,
        connection: Mapping[str, Any],
        source: TopicPartition,
        state_topic: str,
        group: str,
        prefix: str,
        timeout_s: float,
    ) -> None:
        """Name the producer after its lane, so that the next owner fences this one."""
        self.source = source
        self.state_topic = state_topic
        self.group = group
        self.prefix = prefix
        self._partitions: dict[str, list[int]] = {}
        self._partitioner = DefaultPartitioner()
        self._producer = AIOKafkaProducer(
            **connection,
            transactional_id=f"{group}.{source.topic}.{source.partition}",
            transaction_timeout_ms=int(timeout_s * 1000),
            acks="all",
            linger_ms=0,
            max_batch_size=BATCH_BYTES,
            retry_backoff_ms=20,
        )

    async def start(self) -> None:
        """Fence the former owner; returns once their transaction is ended."""
        await self._producer.start()

    async def stop(self) -> None:
        """Let go of the connections; nothing may be under way."""
        await self._producer.stop()

    async def write(
        self,
        outputs: Iterable[Outgoing],
        changes: Mapping[bytes, bytes | None],
        next_offset: int,
    ) -> None:
        """Commit everything; any error leaves the outcome in doubt and must end the process.

        The offset goes first: while the coordinator still writes it down, the broker would send
        every output back for another try (KIP-890 verifies each produce request with it).
        """
        producer = self._producer
        await producer.begin_transaction()
        await producer.send_offsets_to_transaction({self.source: next_offset}, self.group)
        await asyncio.gather(*await self._send(outputs, changes))
        await producer.commit_transaction()

    async def _send(
        self, outputs: Iterable[Outgoing], changes: Mapping[bytes, bytes | None]
    ) -> list[asyncio.Future[Any]]:
        building: dict[tuple[str, int], Any] = {}
        sent: list[asyncio.Future[Any]] = []

        async def add(
            topic: str, partition: int, key: bytes | None, value: bytes | None, headers: Any
        ) -> None:
            place = (topic, partition)
            builder = building.get(place)
            if builder is None:
                builder = building[place] = self._producer.create_batch()
            if builder.append(key=key, value=value, timestamp=None, headers=headers) is None:
                sent.append(await self._producer.send_batch(builder, topic, partition=partition))
                builder = building[place] = self._producer.create_batch()
                builder.append(key=key, value=value, timestamp=None, headers=headers)

        for output in outputs:
            topic = self.prefix + output.topic
            partition = output.partition
            if partition is None:
                partition = await self._partition(topic, output.record.key)
            await add(topic, partition, *output.record)
        for key, value in changes.items():
            await add(self.state_topic, self.source.partition, key, value, [])
        for (topic, partition), builder in building.items():
            sent.append(await self._producer.send_batch(builder, topic, partition=partition))
        return sent

    async def _partition(self, topic: str, key: bytes | None) -> int:
        partitions = self._partitions.get(topic)
        if partitions is None:
            partitions = self._partitions[topic] = sorted(
                await self._producer.partitions_for(topic)
            )
        if len(partitions) == 1:
            return partitions[0]
        return int(self._partitioner(key, partitions, partitions))
