"""The state of lanes compared with what it should be by the source, and mended."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, NamedTuple

from aiokafka import TopicPartition

from hub.errors import HubError, UsageError
from hub.state.comparison import Comparison, Entry, compare
from hub.state.memory import Memory
from hub.state.replay import Replay
from hub.streaming import observation
from hub.streaming.cursor import Cursors, answering
from hub.streaming.history import History, Played
from hub.streaming.lanes import LaneSettings
from hub.streaming.rules import Rules
from hub.streaming.state_topic import StateOfLane, WorkersRun, write
from hub.streaming.transaction import Transactions
from schemas.topics import LEDGER, STATE

LOOKS: Final = 20
"""So often a lane is looked at while workers run, to find it standing still."""
SPARE_S: Final = 20
"""How long the broker may hold records back, beside the time a transaction may be open."""


class LaneMoves(HubError):
    """The lane does not stand still for long enough to be compared."""


class Rebuilt(NamedTuple):
    """One lane: what was played again, and how its state compares."""

    lane: int
    replay: Replay
    comparison: Comparison


def entries(settings: LaneSettings, lane: int | None) -> dict[int, Mapping[bytes, Entry]]:
    """What the state of this lane, or of every lane, holds.

    Raises BrokerUnavailable, BrokerRefused and UsageError.
    """
    return asyncio.run(_entries(settings, lane))


def rebuild(
    settings: LaneSettings, rules: Rules, lane: int | None, played: Played, *, mends: bool
) -> list[Rebuilt]:
    """How the state of this lane, or of every lane, compares; `mends`: and is mended.

    Raises BrokerUnavailable, BrokerRefused and UsageError; LaneMoves while workers run; with
    `mends` WorkersRun: a worker must not go on with a memory that the state has no more.
    """
    if mends:
        running = observation.see_group(settings.kafka_python, settings.group).members
        if running:
            raise WorkersRun(f"{running} of the group {settings.group} run.")
    return asyncio.run(_rebuild(settings, rules, lane, played, mends=mends))


async def _entries(settings: LaneSettings, lane: int | None) -> dict[int, Mapping[bytes, Entry]]:
    async with _cursors(settings) as cursors:
        places = await _places(cursors, settings, lane)
        through = cursors.through((), places)
        states = {place.partition: StateOfLane(through[place]) for place in places}
        for state in states.values():
            await state.read()
        return {number: state.entries for number, state in states.items()}


async def _rebuild(
    settings: LaneSettings, rules: Rules, lane: int | None, played: Played, *, mends: bool
) -> list[Rebuilt]:
    """Fence first, then look: nobody else may write what is compared."""
    async with _cursors(settings) as cursors, AsyncExitStack() as owned:
        places = await _places(cursors, settings, lane)
        lanes = [place.partition for place in places]
        producers: dict[int, Transactions] = {}
        if mends:
            for number in lanes:
                producers[number] = await owned.enter_async_context(_owned(settings, number))
        replays = {number: _replay(settings, rules) for number in lanes}
        ledger = TopicPartition(settings.prefix + LEDGER.name, 0)
        inputs = [TopicPartition(topic, number) for topic in rules.topics for number in lanes]
        through = cursors.through(inputs, [ledger, *places])
        told = History(through[ledger], [through[place] for place in inputs], replays, played)
        await told.play()
        rebuilt = []
        for place in places:
            state, number = StateOfLane(through[place]), place.partition
            await _stand_still(state, told, number)
            expected = replays[number].expected()
            comparison = compare(expected, state.entries, told.begins_ms)
            if mends and comparison.changes:
                await write(producers[number], comparison.changes, settings.open_timeout_s)
            rebuilt.append(Rebuilt(number, replays[number], comparison))
        return rebuilt


async def _stand_still(state: StateOfLane, told: History, lane: int) -> None:
    """Read state and history until they are of one moment."""
    for _ in range(LOOKS):
        await state.read()
        await told.play()
        if await state.is_whole():
            return
    raise LaneMoves(where=f"lane {lane}", remedy="Stop the workers, or try again in a calmer hour.")


@asynccontextmanager
async def _cursors(settings: LaneSettings) -> AsyncIterator[Cursors]:
    where = str(settings.aiokafka["bootstrap_servers"])
    patience_s = settings.transaction_timeout_s + SPARE_S
    with answering(where):
        async with Cursors(settings.aiokafka, patience_s) as cursors:
            yield cursors


async def _places(
    cursors: Cursors, settings: LaneSettings, lane: int | None
) -> Sequence[TopicPartition]:
    """The partitions of the state that are asked for, all topics being there."""
    state = settings.prefix + STATE.name
    needed = [state, settings.prefix + LEDGER.name]
    there = (await cursors.partitions(needed))[state]
    if lane is not None and lane not in there:
        what = f"There is no lane {lane}; there are {there[0]} to {there[-1]}."
        raise UsageError(what, where="--partition")
    return [TopicPartition(state, number) for number in there if lane in (None, number)]


@asynccontextmanager
async def _owned(settings: LaneSettings, number: int) -> AsyncIterator[Transactions]:
    """The lane's own producer, its former owner fenced."""
    producer = settings.transactions(number)
    try:
        async with asyncio.timeout(settings.open_timeout_s):
            await producer.start()
        yield producer
    finally:
        await producer.stop()


def _replay(settings: LaneSettings, rules: Rules) -> Replay:
    memory = Memory(settings.keeps)
    return Replay(rules.decide, rules.ring, memory, settings.lane.batch_events)
