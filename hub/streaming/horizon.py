"""Up to when a lane knows what came in: only until then may its timers ring by the clock.

A worker may have been away, or behind. What came in before a timer was due lies on its topic and
may be the answer it waits for. So the lane asks the broker what it has not moved yet, and moves
that first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from hub.streaming.source import Source

Sources = Mapping[TopicPartition, Source]
Unread = Callable[[Mapping[TopicPartition, int]], Awaitable[Mapping[TopicPartition, int]]]
"""Asks the broker where each partition ends that has records from its position on."""


class Horizon:
    """What one lane knows of its sources."""

    def __init__(self, unread: Unread, within_s: float) -> None:
        """Nothing is known; an answer that takes longer than this is none."""
        self._unread = unread
        self._within_s = within_s
        self._asked_s = 0.0
        self._ends: Mapping[TopicPartition, int] = {}

    def until_s(self, now_s: float, sources: Sources) -> float:
        """Everything that came in by then is moved, seconds since 1970 by this worker's clock."""
        counts = self._asked_s <= now_s  # else the clock was set back since
        return self._asked_s if counts and self._is_reached(sources) else 0.0

    def must_be_asked_for(self, due_s: float, now_s: float, sources: Sources) -> bool:
        """Whether the broker must be asked before a timer of this time may ring.

        Not while there is still something to move of what it said last.
        """
        if not due_s <= self._asked_s <= now_s:
            return True
        waiting = any(source.waiting for source in sources.values())
        return not (waiting or self._is_reached(sources))

    async def ask(self, now_s: float, sources: Sources) -> None:
        """Ask the broker; without an answer everything stays as it was."""
        positions = {place: source.position for place, source in sources.items()}
        with suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(self._within_s):
                self._ends = await self._unread(positions)
                self._asked_s = now_s

    def _is_reached(self, sources: Sources) -> bool:
        return all(sources[place].position >= end for place, end in self._ends.items())
