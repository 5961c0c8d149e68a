"""The memories of lanes are handed out complete, whoever wrote them, and followed meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import pytest
from aiokafka.errors import KafkaError

from hub.state.memory import Keep, Memory
from hub.streaming.standby import Standby
from schemas.topics import STATE
from tests.support.lane_parts import made, make_topics, transactions, until

pytestmark = pytest.mark.broker
KEEPS = (Keep(b"seen/", 1000, 1000),)
Changes = Mapping[bytes, bytes | None]


@pytest.fixture
def prefix(kafka: str, topic_prefix: str) -> str:
    """The prefix of a state topic for three lanes."""
    make_topics(kafka, topic_prefix, partitions=3)
    return topic_prefix


@asynccontextmanager
async def standby(kafka: str, prefix: str, *, warm: bool = True) -> AsyncIterator[Standby]:
    """A worker's standby, started."""
    one = Standby({"bootstrap_servers": kafka}, prefix + STATE.name, KEEPS, warm=warm)
    try:
        await one.start()
        yield one
    finally:
        await one.stop()


async def write(kafka: str, prefix: str, number: int, *changes: Changes) -> None:
    """What another worker does: own the lane for so many batches."""
    async with transactions(kafka, prefix, number) as lane:
        for each in changes:
            await lane.write([], each, {})


def content(memory: Memory) -> dict[bytes, bytes]:
    """All a memory holds."""
    return dict(memory.everything())


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "not warm"])
async def test_a_memory_is_handed_out_complete(kafka: str, prefix: str, *, warm: bool) -> None:
    """The last value of each key, without what was forgotten, of the lanes asked for."""
    await write(
        kafka,
        prefix,
        1,
        {b"case/a": b"1", b"case/b": b"1", b"seen/x": b"1"},
        {b"case/a": b"2", b"seen/x": None, b"timer/0000000042/p/a/x": b"t"},
        {b"case/c": bytes(900_000), b"case/d": bytes(900_000), b"case/e": b"1"},
    )
    await write(kafka, prefix, 2, {b"case/other": b"1"})

    async with standby(kafka, prefix, warm=warm) as ours:
        taken = await ours.take([0, 1])

    assert list(taken) == [0, 1]
    assert content(taken[0]) == {}
    assert content(taken[1]) == {
        b"case/a": b"2",
        b"case/b": b"1",
        b"case/c": bytes(900_000),
        b"case/d": bytes(900_000),
        b"case/e": b"1",
        b"timer/0000000042/p/a/x": b"t",
    }
    assert taken[1].next_timer_s() == 42
    assert taken[1].keeps == KEEPS


async def test_what_a_former_owner_left_open_is_no_part_of_it(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the lane's producer has started, that transaction is gone; its traces end no reading."""

    async def never() -> None:
        raise KafkaError

    async with standby(kafka, prefix) as ours, transactions(kafka, prefix) as former:
        await former.write([], {b"case/a": b"1"}, {})
        monkeypatch.setattr(former, "_end", never)
        with suppress(KafkaError):
            await former.write([], {b"case/a": b"2", b"case/b": b"2"}, {})
        owner = made(kafka, prefix)
        await owner.start()
        async with asyncio.timeout(20):
            taken = await ours.take([0])
        await owner.stop()

    assert content(taken[0]) == {b"case/a": b"1"}


async def test_it_follows_what_another_worker_writes(kafka: str, prefix: str) -> None:
    """While it owns nothing, every lane's memory is as the owner's a moment later."""
    async with standby(kafka, prefix) as ours, transactions(kafka, prefix, 2) as other:
        followed = ours._followed[2].memory
        await other.write([], {b"case/a": b"1", b"case/b": b"1"}, {})
        await until(lambda: content(followed) == {b"case/a": b"1", b"case/b": b"1"})
        await other.write([], {b"case/a": None, b"case/b": b"2"}, {})
        await until(lambda: content(followed) == {b"case/b": b"2"})
        taken = await ours.take([2])

    assert taken[2] is followed


async def test_not_warm_follows_nothing(kafka: str, prefix: str) -> None:
    """It keeps no memory but while it hands it out, and takes none back."""
    await write(kafka, prefix, 0, {b"case/a": b"1"})
    async with standby(kafka, prefix, warm=False) as ours:
        assert ours._followed == {}
        memory = (await ours.take([0]))[0]
        await ours.give(0, memory, None)
        assert ours._followed == {}
        await write(kafka, prefix, 0, {b"case/a": b"2"})
        async with transactions(kafka, prefix):  # its start waits for the end of what was written
            again = (await ours.take([0]))[0]

    assert content(again) == {b"case/a": b"2"}
    assert again is not memory


async def test_what_is_given_back_is_followed_on(kafka: str, prefix: str) -> None:
    """A lane that goes to another worker and comes back brings what was written there."""
    await write(kafka, prefix, 0, {b"case/a": b"1", b"case/b": b"1", b"case/c": b"1"})
    async with standby(kafka, prefix) as ours:
        async with transactions(kafka, prefix) as lane:
            memory = (await ours.take([0]))[0]
            await lane.write([], {b"case/a": b"2", b"case/b": None}, {})
            memory.apply(b"case/a", b"2", 0)
            memory.apply(b"case/b", None, 0)
            await ours.give(0, memory, lane.state_from)
        await write(kafka, prefix, 0, {b"case/c": None, b"case/d": b"3"})
        again = (await ours.take([0]))[0]

    assert again is memory
    assert content(again) == {b"case/a": b"2", b"case/d": b"3"}


async def test_what_is_given_back_without_a_position_is_read_again(kafka: str, prefix: str) -> None:
    """A lane that wrote nothing while it was here."""
    await write(kafka, prefix, 0, {b"case/a": b"1"}, {b"case/a": b"2"})
    async with standby(kafka, prefix) as ours:
        memory = (await ours.take([0]))[0]
        await ours.give(0, memory, None)
        await write(kafka, prefix, 0, {b"case/b": b"1"})
        again = (await ours.take([0]))[0]

    assert content(again) == {b"case/a": b"2", b"case/b": b"1"}


async def test_it_stops_at_once_after_it_took_a_lane_back(kafka: str, prefix: str) -> None:
    """A worker that loses its lanes and is told to stop does not wait for its own reading."""
    async with asyncio.timeout(20) as limit, standby(kafka, prefix) as ours:
        memory = (await ours.take([0]))[0]
        await ours.give(0, memory, None)

    assert not limit.expired()  # aiokafka swallows what the limit raises


async def test_lanes_that_wander_lose_nothing(
    kafka: str, prefix: str, chance: random.Random
) -> None:
    """Two workers hand three lanes to and fro, writing what they like: both always know it all."""
    wanted: list[dict[bytes, bytes]] = [{}, {}, {}]
    async with standby(kafka, prefix) as one, standby(kafka, prefix) as two:
        for _ in range(12):
            worker = chance.choice([one, two])
            numbers = sorted(chance.sample(range(3), chance.randint(1, 3)))
            lanes = [made(kafka, prefix, number) for number in numbers]
            await asyncio.gather(*(lane.start() for lane in lanes))
            taken = await worker.take(numbers)
            for lane, number in zip(lanes, numbers, strict=True):
                memory = taken[number]
                assert content(memory) == wanted[number]
                for change in _changes(chance):
                    await lane.write([], change, {})
                    for key, value in change.items():
                        memory.apply(key, value, 0)
                wanted[number] = content(memory)
                await lane.stop()
                await worker.give(number, memory, lane.state_from)


def _changes(chance: random.Random) -> list[dict[bytes, bytes | None]]:
    """Up to three batches of changes to a few keys."""
    return [
        {
            b"case/%d" % chance.randrange(6): chance.choice([None, b"%d" % chance.randrange(99)])
            for _ in range(chance.randint(1, 4))
        }
        for _ in range(chance.randint(0, 3))
    ]
