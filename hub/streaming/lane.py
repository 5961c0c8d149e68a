"""A lane owns the same partition of every input topic and moves its events exactly once, in order.

    offered records ─▶ sources ─▶ batch ─▶ processors (pure) ─▶ one transaction ─▶ next batch
                        timers ─▶

A batch is whatever has gathered while the last transaction was under way, up to a limit, so
batches grow with the backlog. Any doubt about a transaction ends the process.
"""

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from aiokafka import TopicPartition

from hub.domain.decision import Decision, Due, Outgoing, Received
from hub.state.memory import Draft, Memory, position_key
from hub.streaming.fail_stop import die
from hub.streaming.horizon import Horizon
from hub.streaming.positions import Gaps
from hub.streaming.rules import LaneRules
from hub.streaming.source import Source, received
from hub.streaming.transaction import Transactions
from hub.withhold import error_text
from schemas.vocabulary import Verdict

YIELD_EVERY: Final = 64
"""After so many events what they led to becomes bytes, and the worker's other lanes get a turn."""
TIMERS_AT_ONCE: Final = 500
CROWD: Final = 250
"""So many events waiting make a batch that is worth more of the worker's turns."""
LOOK_EVERY_S: Final = 0.25
"""How often a lane with timers looks at the wall clock: that may be set, or go on alone while the
machine sleeps, and the loop's own clock knows nothing of it."""


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """How much a lane takes at once, and how long a step may last."""

    batch_events: int
    step_timeout_s: float

    @property
    def waiting_events(self) -> int:
        """How many records of a source may wait in the lane before no more are fetched."""
        return self.batch_events


@dataclass(frozen=True, slots=True)
class Turns:
    """How many lanes of a worker write at the same time; the others gather what comes meanwhile.

    Small transactions are sooner done two at a time. Large ones leave the worker idle while the
    broker writes: there a third is worth its memory.
    """

    few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    many: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(3))


class Lane:
    """The sources of one partition number, their memory and their transactional producer."""

    def __init__(
        self,
        number: int,
        rules: LaneRules,
        transactions: Transactions,
        memory: Memory,
        limits: LaneLimits,
        gaps: Gaps,
        turns: Turns,
    ) -> None:
        """Put the lane together; it moves nothing before `start`."""
        self.number = number
        self.memory = memory
        self.sources: dict[TopicPartition, Source] = {}
        self.transactions = transactions
        self._rules = rules
        self._limits = limits
        self._gaps = gaps
        self._horizon = Horizon(gaps.unread, limits.step_timeout_s)
        self._turns = turns
        self._work_there = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._held = False
        self._closing = False
        self._epoch = 0
        self._task: asyncio.Task[None] | None = None
        self._log = structlog.get_logger().bind(lane=number)

    def start(self, positions: Mapping[TopicPartition, int]) -> None:
        """Begin to move events from these offsets on; the sources named first are moved first."""
        self.sources = {place: Source(place, at) for place, at in positions.items()}
        self._task = asyncio.create_task(self._run(), name=f"lane {self.number}")
        self._log.info(
            "lane_opened", positions=self._positions(positions), remembered=len(self.memory)
        )

    def has_room(self, place: TopicPartition) -> bool:
        """Whether more records of this source may be offered."""
        source = self.sources[place]
        return not self._held and len(source.waiting) < self._limits.waiting_events

    async def offer(self, place: TopicPartition, records: Sequence[Any]) -> int | None:
        """Take fetched records; those taken before are dropped.

        Returns None, or the offset to fetch from again where records are missing in between.
        """
        epoch, source = self._epoch, self.sources[place]
        fresh = source.fresh(records)
        if self._held or not fresh:
            return None
        first = fresh[0].offset
        if first > source.expected and not await self._is_empty_until(source, first):
            return source.expected
        if epoch == self._epoch:
            source.take_in(fresh)
            self._work_there.set()
        return None

    async def hold(self) -> None:
        """End the running batch and take no more: a rebalance has begun."""
        self._held = True
        self._epoch += 1
        for source in self.sources.values():
            source.waiting.clear()
        async with asyncio.timeout(self._limits.step_timeout_s):
            await self._idle.wait()
        for source in self.sources.values():
            source.forget_waiting()

    def resume(self) -> None:
        """Go on after a rebalance that left the lane here."""
        self._held = False
        for source in self.sources.values():
            source.progress_at = time.monotonic()
        self._work_there.set()

    async def close(self) -> None:
        """End the running batch, then let go of the partitions."""
        await self.hold()
        self._closing = True
        if self._task is not None:
            self._task.cancel()
        await self.transactions.stop()
        positions = {place: source.position for place, source in self.sources.items()}
        self._log.info("lane_closed", positions=self._positions(positions))

    async def _run(self) -> None:
        try:
            while True:
                await self._until_there_is_work()
                while self._has_work():
                    async with self._turns.few if self._waiting() < CROWD else self._turns.many:
                        await self._move_next()
                    await self._see_what_came_in()
        except asyncio.CancelledError:
            if not self._closing:
                die("lane cancelled", lane=self.number)
            raise
        except BaseException as error:  # noqa: BLE001 - any doubt ends the process
            die("lane in doubt", error=error_text(error), lane=self.number)

    async def _until_there_is_work(self) -> None:
        await self._see_what_came_in()
        next_s = self.memory.next_timer_s()
        wait_s = None
        if next_s is not None and not self._held:
            left_s = next_s - time.time()
            wait_s = min(left_s, LOOK_EVERY_S) if left_s > 0 else LOOK_EVERY_S
        if self._has_work():
            wait_s = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._work_there.wait()
        self._work_there.clear()

    async def _see_what_came_in(self) -> None:
        """Ask the broker, where a timer is due and may only ring once that is known."""
        next_s, now_s = self.memory.next_timer_s(), time.time()
        if next_s is None or next_s > now_s or self._held:
            return
        if self._horizon.must_be_asked_for(next_s, now_s, self.sources):
            await self._horizon.ask(now_s, self.sources)

    def _rings_until_s(self) -> float:
        """The timers due by then may ring."""
        return self._horizon.until_s(time.time(), self.sources)

    def _waiting(self) -> int:
        return sum(len(source.waiting) for source in self.sources.values())

    def _has_work(self) -> bool:
        if self._held:
            return False
        next_s = self.memory.next_timer_s()
        rings = next_s is not None and next_s <= self._rings_until_s()
        return rings or self._waiting() > 0

    async def _move_next(self) -> None:
        """Move what has gathered by now; nothing if a rebalance began while waiting."""
        if not self._has_work():
            return
        self._idle.clear()
        async with asyncio.timeout(self._limits.step_timeout_s):
            await self._move(self._take(), self.memory.due(self._rings_until_s(), TIMERS_AT_ONCE))
        self._idle.set()

    def _take(self) -> deque[Received]:
        """The next batch: the first source first, and a share for each where too much waits."""
        waiting = [source for source in self.sources.values() if source.waiting]
        taken: deque[Received] = deque()
        for nth, source in enumerate(waiting):
            share = (self._limits.batch_events - len(taken)) // (len(waiting) - nth)
            taken += map(received, source.take_out(share))
        return taken

    async def _move(self, taken: deque[Received], due: list[bytes]) -> None:
        begun = time.perf_counter()
        draft = Draft(self.memory)
        events = len(taken)
        ends = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in taken}
        await self._rules.ready(taken, due)
        await self._decide_all(taken, draft)
        outputs = self._ring_all(due, draft)
        now_s = int(time.time())
        for key in self.memory.to_forget(now_s, len(draft.changes)):
            draft.changes.setdefault(key, None)
        for place, end in ends.items():
            draft.changes[position_key(place.topic)] = str(end).encode()
        await self.transactions.write(outputs, draft.changes, ends)
        draft.commit(now_s)
        self._rules.committed()
        for place, end in ends.items():
            self.sources[place].moved(end)
        spent_ms = round((time.perf_counter() - begun) * 1000, 1)
        self._log.info(
            "batch_moved",
            events=events,
            timers=len(due),
            positions=self._positions(ends),
            spent_ms=spent_ms,
        )

    async def _decide_all(self, taken: deque[Received], draft: Draft) -> None:
        """Gather what records lead to; a record is let go once it is decided."""
        outputs: list[Outgoing] = []
        while taken:
            outputs += self._add(self._rules.decide(taken.popleft(), draft), draft)
            if len(taken) % YIELD_EVERY == 0:
                await self.transactions.gather(outputs)
                outputs.clear()
                await asyncio.sleep(0)

    def _add(self, decision: Decision, draft: Draft) -> list[Outgoing]:
        draft.changes.update(decision.state)
        if decision.verdict is not Verdict.ROUTED:  # a line costs more than routing an event
            self._log.info("event_moved", verdict=decision.verdict, **decision.note)
        return decision.outputs

    def _ring_all(self, due: list[bytes], draft: Draft) -> list[Outgoing]:
        """What the timers lead to that this batch has left standing; each rings once."""
        outputs: list[Outgoing] = []
        now = datetime.now(UTC)
        for key in due:
            value = draft.get(key)
            if value is not None:
                draft.changes[key] = None
                outputs += self._add(self._rules.ring(Due(key, value, now), draft), draft)
        return outputs

    async def _is_empty_until(self, source: Source, offset: int) -> bool:
        """Whether nothing readable lies in a gap: transaction markers leave such gaps."""
        async with asyncio.timeout(self._limits.step_timeout_s):
            readable, earliest = await self._gaps.first_readable(source.place, source.expected)
        topic = source.place.topic
        if earliest > source.expected:
            self._log.error("records_expired", topic=topic, missing=earliest - source.expected)
        if readable < offset:
            self._log.warning("records_skipped", topic=topic, missing_from=readable, offered=offset)
        return readable >= offset

    def _positions(self, positions: Mapping[TopicPartition, int]) -> dict[str, int]:
        return {place.topic: at for place, at in positions.items()}
