"""FastStream on its Confluent broker: batches in, one `publish` an event, at least once.

A batch is committed when its handler has returned, and the handler returns when every publish
of the batch has been acknowledged. Event by event, as most of its documentation shows, it moves
a small part of this.
"""

import asyncio
from typing import Any

from faststream import AckPolicy, FastStream  # type: ignore[import-not-found, unused-ignore]
from faststream.confluent import KafkaBroker, KafkaMessage  # type: ignore[import-not-found, unused-ignore]

from tests.bench.peers.routing import Told, told


async def main(said: Told) -> None:
    """Move events until SIGTERM."""
    broker: Any = KafkaBroker(said.bootstrap, acks="all", logger=None)

    async def route(message: KafkaMessage) -> None:
        async def send(record: Any) -> None:  # noqa: ANN401 - confluent-kafka's
            headers = record.headers()
            topic = said.destination(record.key(), record.value(), headers)
            said_so = {name: value.decode() for name, value in headers}
            await broker.publish(record.value(), topic, key=record.key(), headers=said_so)

        await asyncio.gather(*(send(record) for record in message.raw_message))

    subscriber = broker.subscriber(
        said.source,
        group_id=said.group,
        batch=True,
        max_records=said.batch,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR,
    )
    subscriber(route)
    await FastStream(broker, logger=None).run()


if __name__ == "__main__":
    asyncio.run(main(told()))
