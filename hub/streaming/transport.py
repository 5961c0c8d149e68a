"""Where Faust's client behaves otherwise here: the one list of overrides, each with its reason.

`tests/broker/test_faust_guard.py` fails when a pin moves and any of this no longer holds.

=====================================  =======================================================
override                               reason
=====================================  =======================================================
ConsumerThread._create_worker_consumer read_committed: Faust hands out aborted records of a
                                       transactional sender otherwise; a fetch may wait 50 ms,
                                       not 1,500: a partition outside the fetch under way would
                                       wait that long
ConsumerThread.on_partitions_assigned  heartbeats begin before the lanes open, not after: a long
                                       opening would cost the worker its membership
Consumer._drain_messages               records go to their lane as fetched, without four tasks
                                       and a queue per message; nothing is fetched for a lane
                                       without room; Faust tracks and commits nothing
App._crash                             fail-stop: Faust commits half-done work on a crash
App._create_directories                no tables, so no folders: a worker writes nothing to disk
Recovery._wait                         no time limit: after it Faust's recovery task ends
                                       silently and the worker never processes again; the
                                       watchdog's limit ends the process instead
=====================================  =======================================================
"""

import asyncio
from contextlib import suppress
from typing import Any, Final

from aiokafka.errors import ConsumerStoppedError, IllegalStateError
from faust.transport.drivers import aiokafka as driver

from hub.streaming.lanes import ROOM_WAIT_S, Lanes

FETCH_WAIT_MS: Final = 50
POLL_S: Final = 1.0


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that talks to the broker."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        for private, value in (
            ("_isolation_level", "read_committed"),
            ("_fetch_max_wait_ms", FETCH_WAIT_MS),
        ):
            if not hasattr(consumer, private):
                raise AttributeError(private)
            setattr(consumer, private, value)
        return consumer

    async def on_partitions_assigned(self, assigned: Any, generation_id: int = 0) -> None:
        """Beat while the lanes open: opening may take longer than the session."""
        self._consumer._coordinator._start_heartbeat_task()  # noqa: SLF001 - starts it once
        await super().on_partitions_assigned(assigned, generation_id)


class Consumer(driver.Consumer):
    """Hands fetched records to the lanes."""

    lanes: Lanes

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def _drain_messages(self, fetcher: Any) -> None:
        """Run for as long as the fetcher does."""
        self.lanes = self.app.lanes
        try:
            while not (self.should_stop or fetcher.should_stop):
                await self._hand_over()
        except (ConsumerStoppedError, asyncio.CancelledError):
            if not self.app.should_stop:
                raise

    async def _hand_over(self) -> None:
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
            return
        active = self.lanes.with_room(self._get_active_partitions())
        if not active:
            await asyncio.sleep(ROOM_WAIT_S)
            return
        fetched = await self._getmany(active_partitions=active, timeout=POLL_S)
        for source, records in (fetched or {}).items():
            again = await self.lanes.offer(source, records)
            if again is not None:
                with suppress(IllegalStateError):  # it was taken away meanwhile
                    await self._thread.seek_wait({source: again})


class Transport(driver.Transport):
    """Faust's transport with the consumer above."""

    Consumer = Consumer
