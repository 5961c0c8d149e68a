"""Goes through partitions from their first record to their present end, as a lane reads them."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from types import TracebackType
from typing import Any, Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError, KafkaTimeoutError

from hub.errors import BrokerUnavailable
from hub.streaming.admin import BrokerRefused
from hub.streaming.fetching import stop_consumer
from hub.streaming.lenient_records import read_leniently

FETCH_MS: Final = 1000
FETCH_BYTES: Final = 4 * 1024 * 1024
REMEDY: Final = "start it (`hub broker`) or set `kafka.bootstrap`"
Ends = Callable[[TopicPartition], Awaitable[int]]


class Cursor:
    """One partition: its committed records, one after the other."""

    def __init__(self, consumer: Any, place: TopicPartition, ends: Ends, patience_s: float) -> None:
        """Begin at the first record kept."""
        self.place = place
        self._consumer = consumer
        self._ends = ends
        self._end = 0
        self._patience = max(1, round(1000 * patience_s / FETCH_MS))
        self._fetched: deque[Any] = deque()

    async def peek(self) -> Any:
        """The next record, which stays the next; None if there is none now.

        Raises BrokerUnavailable if nothing comes although there must be something.
        """
        waits = 0
        while not self._fetched:
            if await self._consumer.position(self.place) >= self._end:
                self._end = await self._ends(self.place)
                if await self._consumer.position(self.place) >= self._end:
                    return None
            found = await self._consumer.getmany(self.place, timeout_ms=FETCH_MS)
            self._fetched.extend(found.get(self.place, ()))
            waits += 1
            if waits > self._patience:
                raise BrokerUnavailable("the broker holds records back", where=str(self.place))
        return self._fetched[0]

    async def next(self) -> Any:
        """The next record; None if there is none now."""
        record = await self.peek()
        if record is not None:
            self._fetched.popleft()
        return record


class Cursors:
    """Cursors on one broker; they look at nothing before they are asked."""

    def __init__(self, connection: Mapping[str, Any], patience_s: float) -> None:
        """`connection`: aiokafka's. Wait so long for a record that must come."""
        self._patience_s = patience_s
        settings = {"enable_auto_commit": False, "auto_offset_reset": "earliest", **connection}
        self._written = settings
        self._committed = settings | {
            "isolation_level": "read_committed",
            "max_partition_fetch_bytes": FETCH_BYTES,
        }
        self._consumer: Any = None
        self._looker: Any = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        read_leniently()
        async with AsyncExitStack() as stack:
            self._consumer = await _started(stack, self._committed)
            self._looker = await _started(stack, self._written)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def partitions(self, topics: Iterable[str]) -> dict[str, Sequence[int]]:
        """The partitions of each topic; raises BrokerUnavailable where one is not there."""
        there = await self._looker.topics()
        missing = [topic for topic in topics if topic not in there]
        if missing:
            what = f"The broker does not have these topics: {', '.join(missing)}."
            raise BrokerUnavailable(what, remedy="Create them with: hub topics apply")
        client = self._looker._client  # noqa: SLF001 - nothing public asks for one topic
        return {topic: sorted(await client._wait_on_metadata(topic)) for topic in topics}  # noqa: SLF001

    def through(
        self, committed: Iterable[TopicPartition], written: Iterable[TopicPartition]
    ) -> dict[TopicPartition, Cursor]:
        """A cursor for each partition; call it once.

        One through what is committed ends before a transaction that is open. One through what is
        written waits for its end.
        """
        lookers = dict.fromkeys(committed, self._consumer) | dict.fromkeys(written, self._looker)
        self._consumer.assign(list(lookers))
        return {
            place: Cursor(self._consumer, place, _end_of(looker), self._patience_s)
            for place, looker in lookers.items()
        }


def _end_of(looker: Any) -> Ends:
    async def end(place: TopicPartition) -> int:
        return int((await looker.end_offsets([place]))[place])

    return end


@contextmanager
def answering(where: str) -> Iterator[None]:
    """What goes wrong with aiokafka's clients becomes BrokerUnavailable or BrokerRefused."""
    try:
        yield
    except (KafkaConnectionError, KafkaTimeoutError, TimeoutError) as error:
        raise BrokerUnavailable(where=where, remedy=REMEDY) from error
    except KafkaError as error:
        raise BrokerRefused(str(error), where=where) from error


async def _started(stack: AsyncExitStack, settings: Mapping[str, Any]) -> Any:
    consumer = AIOKafkaConsumer(**settings)
    stack.push_async_callback(stop_consumer, consumer)
    await consumer.start()
    return consumer
