"""A lane owns one source partition and moves its events exactly once, in order.

    offered records ─▶ inbox ─▶ batch ─▶ processor (pure) ─▶ one transaction ─▶ next batch

A batch is whatever has gathered while the last transaction was under way, up to a limit, so
batches grow with the backlog. Any doubt about a transaction ends the process.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiokafka import TopicPartition

from hub.domain.decision import Decision, Outgoing, Received, State
from hub.streaming.fail_stop import die
from hub.streaming.memory import Draft, Memory
from hub.streaming.transaction import Transactions
from hub.withhold import error_text
from schemas.codec import Record
from schemas.vocabulary import Verdict

Decide = Callable[[Received, State], Decision]
"""A processor with its parties and limits already given."""
FirstReadable = Callable[[TopicPartition, int], Awaitable[tuple[int, int]]]
"""Asks the broker for the first readable offset from one on, and for the earliest kept."""
YIELD_EVERY: Final = 64
"""After so many events the other lanes of the worker get a turn."""


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """How much a lane takes at once, and how long a step may last."""

    batch_events: int
    step_timeout_s: float

    @property
    def inbox_events(self) -> int:
        """How many records may wait in the lane before no more are fetched."""
        return 2 * self.batch_events


class Lane:
    """One source partition, its memory and its transactional producer."""

    def __init__(
        self,
        source: TopicPartition,
        decide: Decide,
        transactions: Transactions,
        memory: Memory,
        limits: LaneLimits,
        first_readable: FirstReadable,
    ) -> None:
        """Put the lane together; it moves nothing before `start`."""
        self.source = source
        self.memory = memory
        self.position = 0
        self.progress_at = time.monotonic()
        self._decide = decide
        self._transactions = transactions
        self._limits = limits
        self._first_readable = first_readable
        self._inbox: deque[Any] = deque()
        self._expected = 0
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._held = False
        self._closing = False
        self._epoch = 0
        self._task: asyncio.Task[None] | None = None
        self._log = structlog.get_logger().bind(topic=source.topic, partition=source.partition)

    def start(self, position: int) -> None:
        """Begin to move events from this offset on."""
        self.position = self._expected = position
        self._task = asyncio.create_task(self._run(), name=f"lane {self.source}")
        self._log.info("lane_opened", position=position, remembered=len(self.memory))

    @property
    def has_room(self) -> bool:
        """Whether more records may be offered."""
        return not self._held and len(self._inbox) < self._limits.inbox_events

    async def offer(self, records: Sequence[Any]) -> int | None:
        """Take fetched records; those taken before are dropped.

        Returns None, or the offset to fetch from again where records are missing in between.
        """
        epoch = self._epoch
        fresh = [record for record in records if record.offset >= self._expected]
        if self._held or not fresh:
            return None
        if fresh[0].offset > self._expected and not await self._is_empty_until(fresh[0].offset):
            return self._expected
        if epoch == self._epoch:
            self._expected = fresh[-1].offset + 1
            self._inbox.extend(fresh)
            self._arrived.set()
        return None

    async def hold(self) -> None:
        """End the running batch and take no more: a rebalance has begun."""
        self._held = True
        self._epoch += 1
        self._inbox.clear()
        async with asyncio.timeout(self._limits.step_timeout_s):
            await self._idle.wait()
        self._expected = self.position

    def resume(self) -> None:
        """Go on after a rebalance that left the lane here."""
        self._held = False
        self.progress_at = time.monotonic()

    async def close(self) -> None:
        """End the running batch, then let go of the partition."""
        await self.hold()
        self._closing = True
        if self._task is not None:
            self._task.cancel()
        await self._transactions.stop()
        self._log.info("lane_closed", position=self.position)

    async def _run(self) -> None:
        try:
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                while self._inbox:
                    self._idle.clear()
                    async with asyncio.timeout(self._limits.step_timeout_s):
                        await self._move(self._take())
                    self._idle.set()
        except asyncio.CancelledError:
            if not self._closing:
                die("lane cancelled", source=str(self.source))
            raise
        except BaseException as error:  # noqa: BLE001 - any doubt ends the process
            die("lane in doubt", error=error_text(error), source=str(self.source))

    def _take(self) -> list[Any]:
        count = min(len(self._inbox), self._limits.batch_events)
        return [self._inbox.popleft() for _ in range(count)]

    async def _move(self, records: list[Any]) -> None:
        begun = time.perf_counter()
        draft = Draft(self.memory)
        outputs: list[Outgoing] = []
        for nth, record in enumerate(records, 1):
            decision = self._decide(_received(record), draft)
            outputs += decision.outputs
            draft.changes.update(decision.state)
            if decision.verdict is not Verdict.ROUTED:  # a line costs more than routing an event
                self._log.info("event_moved", verdict=decision.verdict, **decision.note)
            if nth % YIELD_EVERY == 0:
                await asyncio.sleep(0)
        now_s = int(time.time())
        for key in self.memory.to_forget(now_s):
            draft.changes.setdefault(key, None)
        last = records[-1].offset + 1
        await self._transactions.write(outputs, draft.changes, last)
        draft.commit(now_s)
        self.position = last
        self.progress_at = time.monotonic()
        spent_ms = round((time.perf_counter() - begun) * 1000, 1)
        self._log.info("batch_moved", events=len(records), position=last, spent_ms=spent_ms)

    async def _is_empty_until(self, offset: int) -> bool:
        """Whether nothing readable lies in a gap: transaction markers leave such gaps."""
        async with asyncio.timeout(self._limits.step_timeout_s):
            readable, earliest = await self._first_readable(self.source, self._expected)
        if earliest > self._expected:
            self._log.error("records_expired", missing=earliest - self._expected)
        if readable < offset:
            self._log.warning("records_skipped", missing_from=readable, offered=offset)
        return readable >= offset


def _received(record: Any) -> Received:
    return Received(
        record.topic,
        record.partition,
        record.offset,
        record.timestamp,
        Record(record.key, record.value, record.headers),
    )
