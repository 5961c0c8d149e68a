"""A lane's own parts on a broker that tests share, and another client's look at what they wrote."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError
from kafka import TopicPartition as KafkaTopicPartition
from kafka.errors import CoordinatorNotAvailableError

from hub.domain.decision import Outgoing
from hub.streaming.transaction import Transactions
from schemas.codec import Record
from schemas.topics import STATE
from tests.support import topics

GROUP: Final = "lanes"
OUT: Final = "to.kfb"
"""Where the tests' lanes write, without the prefix."""
TIMEOUT_S: Final = 30


def make_topics(bootstrap: str, prefix: str, *names: str, partitions: int = 1) -> None:
    """The output, the state and these topics, as large as declared ones may grow."""
    wanted = [prefix + name for name in (OUT, STATE.name, *names)]
    topics.create(bootstrap, wanted, partitions, max_message_bytes=str(4 * 1024 * 1024))


@asynccontextmanager
async def transactions(bootstrap: str, prefix: str, number: int = 0) -> AsyncIterator[Transactions]:
    """The producer of a lane, started."""
    one = made(bootstrap, prefix, number)
    try:
        await one.start()
        yield one
    finally:
        await one.stop()


def made(bootstrap: str, prefix: str, number: int = 0) -> Transactions:
    """The producer of a lane, not started; it fences nobody yet."""
    state = TopicPartition(prefix + STATE.name, number)
    connection = {"bootstrap_servers": bootstrap}
    return Transactions(connection, state, prefix + GROUP, prefix, TIMEOUT_S)


def out(*values: bytes, to: str = OUT) -> list[Outgoing]:
    """Records to write, all of the same key."""
    return [Outgoing(to, Record(b"case-1", value, [])) for value in values]


async def values(bootstrap: str, topic: str) -> list[bytes]:
    """What a recipient reads on this topic now, full name."""
    found = await asyncio.to_thread(topics.read, bootstrap, topic)
    return [record.value or b"" for _, _, record in found]


async def kept(bootstrap: str, prefix: str) -> dict[bytes, bytes | None]:
    """What the state topic says of each key now; None: it is forgotten."""
    found = await asyncio.to_thread(topics.read, bootstrap, prefix + STATE.name)
    return {record.key or b"": record.value for _, _, record in found}


async def committed(bootstrap: str, prefix: str) -> dict[tuple[str, int], int]:
    """The group's offsets by topic, full name, and partition; none: nothing was ever committed."""

    def asked() -> dict[KafkaTopicPartition, Any]:
        with topics.admin(bootstrap) as admin:
            try:
                found = admin.list_group_offsets(prefix + GROUP)
            except CoordinatorNotAvailableError:  # no group was ever on this broker
                return {}
            offsets: dict[KafkaTopicPartition, Any] = found[prefix + GROUP]
            return offsets

    found = await asyncio.to_thread(asked)
    return {(tp.topic, tp.partition): one.offset for tp, one in found.items()}


async def until(met: Callable[[], bool]) -> None:
    """Return as soon as it is so; what never is ends with the test's own time."""
    while not met():  # noqa: ASYNC110 - what is real sets no event for us
        await asyncio.sleep(0.02)


class Line:
    """The line of a lane's producer to the broker, which a test can make bad."""

    def __init__(self, transactions: Transactions, patch: pytest.MonkeyPatch) -> None:
        """Carry everything until told otherwise."""
        self.lost: list[str] = []
        """The names of the requests whose answers were lost."""
        self.broken = 0
        """How many requests failed because a connection was cut."""
        self._client: Any = transactions._client
        self._send: Callable[..., Awaitable[Any]] = self._client.send
        self._wrong: list[str] = []
        patch.setattr(self._client, "send", self._carry)

    def lose_answers(self, requests: Iterable[str]) -> None:
        """The broker does what these requests ask, once each, and nobody hears of it."""
        self._wrong += requests

    async def cut_during(self, wait_s: float) -> None:
        """Cut all connections so much later, whatever is under way on them."""
        await asyncio.sleep(wait_s)
        for connection in list(self._client._conns.values()):
            connection.close()

    async def _carry(self, node: int, request: object, **how: object) -> object:
        try:
            answer = await self._send(node, request, **how)
        except KafkaError:
            self.broken += 1
            raise
        name = type(getattr(request, "request", request)).__name__
        if name in self._wrong:
            self._wrong.remove(name)
            self.lost.append(name)
            raise KafkaConnectionError("the answer was lost")
        return answer
