"""All recipients at once: notes the moment at which each event could be read."""

import asyncio
import time
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.bench.events import number_of
from tests.bench.outputs import DELIVERY, identify
from tests.bench.stage import Stage
from tests.chaos.background import Background

POLL_MS = 100


class Recipients(Background):
    """A `read_committed` reader of every delivery topic, in a thread of its own."""

    def __init__(self, stage: Stage) -> None:
        super().__init__("recipients")
        self.read_at: dict[int, float] = {}
        """For each event the monotonic seconds at which its delivery was first read."""
        self._stage = stage

    def wait_for(self, count: int, limit_s: float) -> bool:
        """Whether so many different events arrive within the limit."""
        end = time.monotonic() + limit_s
        while len(self.read_at) < count and time.monotonic() < end and self.failure is None:
            self.stopping.wait(0.02)
        return len(self.read_at) >= count

    def work(self) -> None:
        """Read until told to stop."""
        asyncio.run(self._read())

    async def _read(self) -> None:
        consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=self._stage.bootstrap,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        async with consumer:
            consumer.assign([TopicPartition(topic, 0) for topic in self._stage.deliveries])
            while not self.stopping.is_set():
                found = await consumer.getmany(timeout_ms=POLL_MS)
                now = time.monotonic()
                for record in (record for records in found.values() for record in records):
                    kind, cause = identify(dict(record.headers))
                    if kind == DELIVERY:
                        self.read_at.setdefault(number_of(cause), now)
