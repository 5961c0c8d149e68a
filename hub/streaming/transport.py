"""Where Faust's client behaves otherwise here: the one list of overrides, each with its reason.

`tests/broker/test_faust_guard.py` fails when a pin moves and any of this no longer holds.

=====================================  =======================================================
override                               reason
=====================================  =======================================================
ConsumerThread._create_worker_consumer read_committed: Faust hands out aborted records of a
                                       transactional sender otherwise; a fetch may wait 50 ms,
                                       not 1,500: a partition outside the fetch under way would
                                       wait that long; ranges: whoever gets a partition of one
                                       input topic gets the same of all, which is a lane
ConsumerThread.on_start                aiokafka's membership can end with nothing but a line in
                                       its log (a broker that answers without naming any, a
                                       right that is missing), and who holds no partition would
                                       wait for ever; it is asked each second
ConsumerThread.on_thread_stop          a worker with a name of its own that is told to stop leaves
                                       the group, so that others take over at once; killed, it
                                       comes back under its name; `hub/streaming/fetching.py`
                                       says why fetching is ended first
ConsumerThread.on_partitions_assigned  heartbeats begin before the lanes open, not after: a long
                                       opening would cost the worker its membership
Consumer._drain_messages               records go to their lane as fetched, without four tasks
                                       and a queue per message; nothing is fetched for a lane
                                       without room; Faust tracks and commits nothing
aiokafka.consumer.fetcher.             a header name that is not UTF-8 raises there, and its
MemoryRecords                          partition would stand still for ever
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

from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import ConsumerStoppedError, IllegalStateError
from faust.transport.drivers import aiokafka as driver

from hub.streaming.fail_stop import die
from hub.streaming.fetching import end_fetching
from hub.streaming.lanes import Lanes
from hub.streaming.lenient_records import read_leniently
from hub.withhold import error_text

FETCH_WAIT_MS: Final = 50
POLL_S: Final = 1.0
GATHER_S: Final = 0.005
"""A pause after each fetch that brought something: fewer, fuller fetches and transactions."""
ROOM_WAIT_S: Final = 0.02
LOOK_S: Final = 1.0
"""How often it is asked whether the membership is alive."""

read_leniently()


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that talks to the broker."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        for private, value in (
            ("_isolation_level", "read_committed"),
            ("_fetch_max_wait_ms", FETCH_WAIT_MS),
            ("_partition_assignment_strategy", [RangePartitionAssignor]),
        ):
            if not hasattr(consumer, private):
                raise AttributeError(private)
            setattr(consumer, private, value)
        return consumer

    async def on_start(self) -> None:
        """Ask from now on whether the membership is alive."""
        await super().on_start()
        watching = _watch(self._consumer._coordinator)  # noqa: SLF001 - nothing else tells
        self._watching = self.thread_loop.create_task(watching)

    async def on_thread_stop(self) -> None:
        """Leave the group, also under a name of its own."""
        if self._consumer is not None and self._consumer._coordinator is not None:  # noqa: SLF001
            self._consumer._coordinator._group_instance_id = None  # noqa: SLF001
            await end_fetching(self._consumer)
        await super().on_thread_stop()

    async def on_partitions_assigned(self, assigned: Any, generation_id: int = 0) -> None:
        """Beat while the lanes open: opening may take longer than the session."""
        self._consumer._coordinator._start_heartbeat_task()  # noqa: SLF001 - starts it once
        await super().on_partitions_assigned(assigned, generation_id)


async def _watch(coordinator: Any) -> None:
    """End the process once the client has given up being a member of the group."""
    try:
        while not coordinator._closing.done():  # noqa: SLF001 - as above
            coordinator.check_errors()
            await asyncio.sleep(LOOK_S)
    except Exception as error:  # noqa: BLE001 - whatever it was, it does not come back
        die("membership is over", error=error_text(error))


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
        if not fetched:
            return
        for source, records in fetched.items():
            again = await self.lanes.offer(source, records)
            if again is not None:
                with suppress(IllegalStateError):  # it was taken away meanwhile
                    await self._thread.seek_wait({source: again})
        await asyncio.sleep(GATHER_S)


class Transport(driver.Transport):
    """Faust's transport with the consumer above."""

    Consumer = Consumer
