"""All lanes of a worker: opened, held and closed as Kafka assigns partitions."""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog
from aiokafka import TopicPartition

from hub.domain.decision import Limits, Processor
from hub.domain.parties import Parties
from hub.streaming import restore
from hub.streaming.fail_stop import die
from hub.streaming.lane import Lane, LaneLimits
from hub.streaming.memory import Keep, Memory
from hub.streaming.transaction import Transactions
from hub.withhold import error_text
from schemas.topics import state_topic

ROOM_WAIT_S: Final = 0.02


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
    event: Limits
    keeps: tuple[Keep, ...]


class Lanes:
    """The lanes open now, by source partition."""

    def __init__(
        self, processors: Sequence[Processor], parties: Parties, settings: LaneSettings
    ) -> None:
        """Know the processors by the topic they read."""
        self.open_lanes: dict[TopicPartition, Lane] = {}
        self.opening = False
        self._settings = settings
        self._parties = parties
        self._processors = {settings.prefix + p.SOURCE.name: p for p in processors}
        self._log = structlog.get_logger()

    @property
    def topics(self) -> list[str]:
        """The topics to subscribe to, with the prefix."""
        return list(self._processors)

    async def revoked(self) -> None:
        """A rebalance begins: every lane ends its batch and takes no more."""
        await self._guarded(self._hold_all())

    async def assigned(self, sources: Collection[TopicPartition]) -> None:
        """A rebalance ends: close what is gone, go on with what stayed, open what is new."""
        self.opening = True
        await self._guarded(self._settle(sources))
        self.opening = False

    async def close(self) -> None:
        """End all running batches and let go: the worker stops."""
        lanes = [self.open_lanes.pop(source) for source in list(self.open_lanes)]
        await self._guarded(_all(lane.close() for lane in lanes))

    def with_room(self, sources: Collection[TopicPartition]) -> set[TopicPartition]:
        """Those of these partitions whose lane can take more."""
        lanes = self.open_lanes
        return {tp for tp in sources if (lane := lanes.get(tp)) is not None and lane.has_room}

    async def offer(self, source: TopicPartition, records: Sequence[Any]) -> int | None:
        """Hand fetched records to their lane; without one they stay on the broker.

        Returns the offset to fetch from again, if records are missing before these.
        """
        lane = self.open_lanes.get(source)
        return None if lane is None else await lane.offer(records)

    async def _hold_all(self) -> None:
        await _all(lane.hold() for lane in self.open_lanes.values())

    async def _settle(self, sources: Collection[TopicPartition]) -> None:
        gone = [tp for tp in self.open_lanes if tp not in sources]
        await _all(self.open_lanes.pop(tp).close() for tp in gone)
        for lane in self.open_lanes.values():
            lane.resume()
        await self._open([tp for tp in sources if tp not in self.open_lanes])

    async def _open(self, sources: list[TopicPartition]) -> None:
        """Fence first, then read where to go on: the order is the guarantee."""
        if not sources:
            return
        begun = time.perf_counter()
        settings = self._settings
        transactions = {tp: self._transactions(tp) for tp in sources}
        await _all(each.start() for each in transactions.values())
        positions = await restore.stable_offsets(settings.kafka_python, settings.group, sources)
        memories = {tp: Memory(settings.keeps) for tp in sources}
        await restore.restore(
            settings.aiokafka,
            {self._state_partition(tp): memory for tp, memory in memories.items()},
        )
        for tp in sources:
            if positions[tp] is None and len(memories[tp]) > 0:
                die("committed offset lost", source=str(tp), remembered=len(memories[tp]))
            lane = self._lane(tp, transactions[tp], memories[tp])
            lane.start(positions[tp] or 0)
            self.open_lanes[tp] = lane
        spent_ms = round((time.perf_counter() - begun) * 1000)
        self._log.info("lanes_opened", lanes=len(sources), spent_ms=spent_ms)

    def _transactions(self, tp: TopicPartition) -> Transactions:
        settings = self._settings
        return Transactions(
            settings.aiokafka,
            tp,
            self._state_partition(tp).topic,
            settings.group,
            settings.prefix,
            settings.transaction_timeout_s,
        )

    def _state_partition(self, tp: TopicPartition) -> TopicPartition:
        processor = self._processors[tp.topic]
        name = self._settings.prefix + state_topic(processor.NAME, processor.SOURCE).name
        return TopicPartition(name, tp.partition)

    def _lane(self, tp: TopicPartition, transactions: Transactions, memory: Memory) -> Lane:
        processor, settings = self._processors[tp.topic], self._settings
        return Lane(
            tp,
            partial(processor.handle, parties=self._parties, limits=settings.event),
            transactions,
            memory,
            settings.lane,
            partial(restore.first_readable, settings.aiokafka),
        )

    async def _guarded(self, step: Any) -> None:
        try:
            async with asyncio.timeout(self._settings.open_timeout_s):
                await step
        except BaseException as error:  # noqa: BLE001 - any doubt ends the process
            die("lanes in doubt", error=error_text(error))


async def _all(steps: Any) -> None:
    await asyncio.gather(*steps)
