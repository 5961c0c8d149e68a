"""The memories of lanes that others own, kept warm so that this worker can take them over at once.

Every worker follows the state partitions of the lanes it does not own. Opening a lane then reads
only what was written in the last moment; a worker that starts reads everything once.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from hub.state.memory import Keep, Memory
from hub.streaming.fail_stop import die
from hub.streaming.fetching import stop_consumer
from hub.withhold import error_text

FETCH_BYTES: Final = 4 * 1024 * 1024
CATCH_UP_MS: Final = 50
LOOK_MS: Final = 200
LOOK_EVERY_S: Final = 0.5


@dataclass(slots=True)
class Followed:
    """A memory as far as it has been read."""

    memory: Memory
    position: int = 0
    """The state partition's next offset to read."""


class Standby:
    """Follows the state of lanes; hands memories out when lanes open and takes them back."""

    def __init__(
        self, connection: Mapping[str, Any], topic: str, keeps: tuple[Keep, ...], *, warm: bool
    ) -> None:
        """Know the state topic; `warm`: follow the lanes of others all the time."""
        self._topic = topic
        self._keeps = keeps
        self._warm = warm
        self._followed: dict[int, Followed] = {}
        self._reading = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._connection = dict(connection)
        self._consumer: Any = None

    async def start(self) -> None:
        """Begin to follow."""
        self._consumer = AIOKafkaConsumer(
            **self._connection,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=FETCH_BYTES,
        )
        await self._consumer.start()
        if self._warm:
            numbers = await self._partitions()
            self._followed = {number: Followed(Memory(self._keeps)) for number in numbers}
            self._assign()
            self._task = asyncio.create_task(self._follow(), name="standby")

    async def stop(self) -> None:
        """Follow no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._consumer is not None:
            await stop_consumer(self._consumer)

    async def take(self, numbers: Collection[int]) -> dict[int, Memory]:
        """The memories of these lanes, complete; they are followed no more.

        Call it after the lanes' producers have started: no transaction is then open on these
        partitions, so that their end is stable.
        """
        async with self._reading:
            for number in numbers:
                self._followed.setdefault(number, Followed(Memory(self._keeps)))
            self._assign()
            places = [self._place(number) for number in numbers]
            ends = await self._consumer.end_offsets(places)
            while any(self._followed[tp.partition].position < end for tp, end in ends.items()):
                await self._read(places, CATCH_UP_MS)
            taken = {number: self._followed.pop(number).memory for number in numbers}
            self._assign()
            return taken

    async def give(self, number: int, memory: Memory, position: int | None) -> None:
        """Follow this lane on from here: it was closed and another worker may open it.

        Without a position the memory is read again from the beginning.
        """
        if not self._warm:
            return
        async with self._reading:
            if position is None:
                memory = Memory(self._keeps)
            self._followed[number] = Followed(memory, position or 0)
            self._assign()

    async def _follow(self) -> None:
        try:
            while True:
                async with self._reading:
                    if self._followed:  # a client without partitions waits for ever
                        await self._read([], LOOK_MS)
                await asyncio.sleep(LOOK_EVERY_S)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - a memory in doubt must not be opened
            die("standby in doubt", error=error_text(error))

    async def _partitions(self) -> Collection[int]:
        """The numbers of all lanes."""
        await self._consumer._client._wait_on_metadata(self._topic)  # noqa: SLF001
        return frozenset(self._consumer.partitions_for_topic(self._topic) or ())

    async def _read(self, places: list[TopicPartition], wait_ms: int) -> None:
        """Apply what is there and move the positions on, also over markers."""
        found = await self._consumer.getmany(*places, timeout_ms=wait_ms)
        for place, records in found.items():
            memory = self._followed[place.partition].memory
            for record in records:
                memory.apply(record.key, record.value, record.timestamp // 1000)
        for place in places or [self._place(number) for number in self._followed]:
            self._followed[place.partition].position = await self._consumer.position(place)

    def _assign(self) -> None:
        """Read the followed partitions, each from its position."""
        if not self._followed:
            self._consumer.unsubscribe()
            return
        self._consumer.assign([self._place(number) for number in self._followed])
        for number, followed in self._followed.items():
            self._consumer.seek(self._place(number), followed.position)

    def _place(self, number: int) -> TopicPartition:
        return TopicPartition(self._topic, number)
