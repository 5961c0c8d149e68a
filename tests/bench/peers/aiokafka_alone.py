"""aiokafka without a framework: read, check, send, and commit each batch as a transaction.

Record batches are built per topic (`create_batch`, `send_batch`), not a future per record: it is
the faster of aiokafka's two ways, and the one the hub uses. A rebalance is not handled; there is
one process.
"""

import asyncio
import signal
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from tests.bench.peers.routing import Told, told

BATCH_BYTES = 512 * 1024


async def main(said: Told) -> None:
    """Move events until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    consumer: Any = AIOKafkaConsumer(
        said.source,
        bootstrap_servers=said.bootstrap,
        group_id=said.group,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    producer: Any = AIOKafkaProducer(
        bootstrap_servers=said.bootstrap,
        transactional_id=f"{said.group}-0",
        acks="all",
        linger_ms=0,
        max_batch_size=BATCH_BYTES,
    )
    async with consumer, producer:
        while not stop.is_set():
            found = await consumer.getmany(timeout_ms=200, max_records=said.batch)
            if found:
                await move(said, producer, found)


async def move(said: Told, producer: Any, found: Any) -> None:  # noqa: ANN401 - aiokafka has no types
    """One batch, one transaction."""
    building: dict[str, Any] = {}
    sent = []
    async with producer.transaction():
        for records in found.values():
            for record in records:
                topic = said.destination(record.key, record.value, record.headers)
                batch = building.get(topic) or building.setdefault(topic, producer.create_batch())
                headers = list(record.headers)
                message = {"key": record.key, "value": record.value, "headers": headers}
                if batch.append(timestamp=None, **message) is None:
                    sent.append(await producer.send_batch(batch, topic, partition=0))
                    batch = building[topic] = producer.create_batch()
                    batch.append(timestamp=None, **message)
        for topic, batch in building.items():
            sent.append(await producer.send_batch(batch, topic, partition=0))
        await asyncio.gather(*sent)
        ends = {place: records[-1].offset + 1 for place, records in found.items()}
        await producer.send_offsets_to_transaction(ends, said.group)


if __name__ == "__main__":
    asyncio.run(main(told()))
