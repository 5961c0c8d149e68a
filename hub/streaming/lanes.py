"""All lanes of a worker: opened, held and closed as Kafka assigns partitions."""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import TopicPartition

from hub.state.memory import Keep, Memory, position_key
from hub.streaming import positions
from hub.streaming.fail_stop import die
from hub.streaming.followed import Followed
from hub.streaming.lane import Lane, LaneLimits, Turns
from hub.streaming.rules import LaneRules, Rules
from hub.streaming.source import Source, as_said
from hub.streaming.standby import Standby
from hub.streaming.transaction import Transactions
from hub.tracing.span import Tracer
from hub.withhold import error_text
from schemas.topics import STATE


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """What every lane of a worker shares."""

    aiokafka: Mapping[str, Any]
    """Connection of Faust's client."""
    kafka_python: Mapping[str, Any]
    """Connection of the client that can ask for stable offsets."""
    group: str
    prefix: str
    transaction_timeout_s: float
    open_timeout_s: float
    lane: LaneLimits
    keeps: tuple[Keep, ...]
    standby: bool
    """Whether the memories of other workers' lanes are kept warm."""
    tracer: Tracer | None = None
    """Makes the spans of what is decided; None: nobody wants any."""

    def transactions(self, number: int) -> Transactions:
        """The producer of a lane; starting it fences whoever had the lane before."""
        return Transactions(
            self.aiokafka,
            TopicPartition(self.prefix + STATE.name, number),
            self.group,
            self.prefix,
            self.transaction_timeout_s,
        )


class Lanes:
    """The lanes open now, by the number of their partitions."""

    def __init__(self, rules: Rules, settings: LaneSettings) -> None:
        """Nothing is open yet."""
        self.open_lanes: dict[int, Lane] = {}
        self.opening = False
        self._closing = False
        self._settling = asyncio.Lock()
        self._settings = settings
        self._rules = rules
        self._standby = Standby(
            settings.aiokafka, settings.prefix + STATE.name, settings.keeps, warm=settings.standby
        )
        self._gaps = positions.Gaps(settings.aiokafka)
        self._turns = Turns()
        self._log = structlog.get_logger()

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics to subscribe to, with the prefix."""
        return self._rules.topics

    def sources(self) -> dict[TopicPartition, Source]:
        """Every source of every open lane."""
        return {
            tp: at for lane in list(self.open_lanes.values()) for tp, at in lane.sources.items()
        }

    async def start(self) -> None:
        """Begin to follow the state of all lanes."""
        await self._guarded(self._standby.start())

    async def revoked(self) -> None:
        """A rebalance begins: every lane ends its batch and takes no more."""
        await self._guarded(_all(lane.hold() for lane in self.open_lanes.values()))

    async def assigned(self, sources: Collection[TopicPartition]) -> None:
        """A rebalance ends: close what is gone, go on with what stayed, open what is new.

        A worker that is stopping opens nothing any more.
        """
        async with self._settling:
            if self._closing:
                return
            self.opening = True
            await self._guarded(self._settle(sources))
            self.opening = False

    async def close(self) -> None:
        """End all running batches and let go: the worker stops, also while lanes are opening."""
        self._closing = True
        async with self._settling:
            lanes = [self.open_lanes.pop(number) for number in list(self.open_lanes)]
            await self._guarded(_all(lane.close() for lane in lanes))
            await self._guarded(_all([self._standby.stop(), self._gaps.stop()]))

    def with_room(self, sources: Collection[TopicPartition]) -> set[TopicPartition]:
        """Those of these partitions whose lane can take more."""
        lanes = self.open_lanes
        return {
            place
            for place in sources
            if (lane := lanes.get(place.partition)) is not None and lane.has_room(place)
        }

    async def offer(self, source: TopicPartition, records: Sequence[Any]) -> int | None:
        """Hand fetched records to their lane; without one they stay on the broker.

        Returns the offset to fetch from again, if records are missing before these.
        """
        lane = self.open_lanes.get(source.partition)
        if lane is None:
            return None
        self._rules.hear(source.topic, map(as_said, records))
        return await lane.offer(source, records)

    async def _settle(self, sources: Collection[TopicPartition]) -> None:
        numbers = {place.partition for place in sources}
        for number in numbers:
            missing = [t for t in self.topics if TopicPartition(t, number) not in sources]
            if missing:
                remedy = "hub topics plan says what is missing"
                die("input topics differ", partition=number, without=missing, remedy=remedy)
        await _all(self._close(number) for number in self.open_lanes.keys() - numbers)
        for lane in self.open_lanes.values():
            lane.resume()
        await self._open(sorted(numbers - self.open_lanes.keys()))

    async def _close(self, number: int) -> None:
        lane = self.open_lanes.pop(number)
        await lane.close()
        await self._standby.give(number, lane.memory, lane.transactions.state_from)

    async def _open(self, numbers: list[int]) -> None:
        """Fence first, then read where to go on: the order is the guarantee."""
        if not numbers:
            return
        begun = time.perf_counter()
        transactions = {number: self._settings.transactions(number) for number in numbers}
        await _all(each.start() for each in transactions.values())
        places = [TopicPartition(topic, n) for n in numbers for topic in self.topics]
        committed, memories = await asyncio.gather(
            positions.stable_offsets(self._settings.kafka_python, self._settings.group, places),
            self._standby.take(numbers),
        )
        if self._closing:
            await _all(each.stop() for each in transactions.values())
            return
        for number, memory in memories.items():
            lane = self._lane(number, transactions[number], memory)
            mine = [place for place in places if place.partition == number]
            lane.start({place: self._start_of(place, committed[place], memory) for place in mine})
            self.open_lanes[number] = lane
        spent_ms = round((time.perf_counter() - begun) * 1000)
        self._log.info("lanes_opened", lanes=numbers, spent_ms=spent_ms)

    def _start_of(self, place: TopicPartition, committed: int | None, memory: Memory) -> int:
        """The committed offset; the memory, written in the same transactions, knows it too."""
        kept = memory.get(position_key(place.topic))
        remembered = 0 if kept is None else int(kept)
        if committed != remembered and kept is not None:
            self._log.warning(
                "committed_offset_differs",
                topic=place.topic,
                partition=place.partition,
                committed=committed,
                remembered=remembered,
            )
        return remembered if committed is None else committed

    def _lane(self, number: int, transactions: Transactions, memory: Memory) -> Lane:
        settings = self._settings
        rules = LaneRules(self._rules.decide, self._rules.ring, self._rules.ready)
        if settings.tracer is not None:
            followed = Followed(rules.decide, settings.tracer, settings.group)
            rules = rules._replace(decide=followed.decide, committed=followed.committed)
        return Lane(
            number,
            rules,
            transactions,
            memory,
            settings.lane,
            self._gaps,
            self._turns,
        )

    async def _guarded(self, step: Any) -> None:
        try:
            async with asyncio.timeout(self._settings.open_timeout_s):
                await step
        except BaseException as error:  # noqa: BLE001 - any doubt ends the process
            die("lanes in doubt", error=error_text(error))


async def _all(steps: Any) -> None:
    await asyncio.gather(*steps)
