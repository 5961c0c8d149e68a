"""The steps of lanes as the ledger tells them, with the records that input topics still keep."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from aiokafka import TopicPartition

from hub.domain.decision import Received
from hub.state import told
from hub.state.replay import Replay
from hub.state.told import Told
from hub.streaming.cursor import Cursor
from hub.streaming.source import received
from schemas.codec import Record

Played = Callable[[int], None]
"""Is told how many lines of the ledger were played."""


class History:
    """Plays what the ledger tells to the lanes it is about."""

    def __init__(
        self,
        ledger: Cursor,
        inputs: Iterable[Cursor],
        replays: Mapping[int, Replay],
        played: Played,
    ) -> None:
        """`inputs`: the partitions of the lanes that are played, by their numbers."""
        self.begins_ms: float = float("inf")
        """When the ledger's first line was written, milliseconds since 1970; inf: there is none."""
        self._ledger = ledger
        self._inputs = {(each.place.topic, each.place.partition): each for each in inputs}
        self._first: dict[TopicPartition, datetime] = {}
        self._replays = replays
        self._played = played
        self._lines = 0

    async def play(self) -> None:
        """Play what the ledger tells by now and was not played yet."""
        while (record := await self._ledger.next()) is not None:
            self.begins_ms = min(self.begins_ms, record.timestamp)
            self._lines += 1
            self._played(self._lines)
            line = told.read(Record(record.key, record.value, record.headers))
            if line is not None and not line.is_aside:
                await self._step(line, record.timestamp // 1000)

    async def _step(self, line: Told, now_s: int) -> None:
        if line.offset < 0:
            for replay in self._replays.values():
                replay.rung(line, now_s)
        elif line.partition in self._replays:
            replay = self._replays[line.partition]
            replay.moved(line, await self._record(line, replay), now_s)

    async def _record(self, line: Told, replay: Replay) -> Received | None:
        """The record that a line is about; those before it have no line."""
        cursor = self._inputs.get((line.topic, line.partition))
        if cursor is None or await self._is_older(line, cursor):
            return None
        while (record := await cursor.peek()) is not None and record.offset <= line.offset:
            await cursor.next()
            if record.offset == line.offset:
                return received(record)
            replay.skipped(received(record))
        return None

    async def _is_older(self, line: Told, cursor: Cursor) -> bool:
        """Whether the topic keeps the record no more, or was another topic then."""
        if cursor.place not in self._first:
            record = await cursor.peek()
            if record is None:
                return True
            self._first[cursor.place] = received(record).received_at
        return line.at < self._first[cursor.place]
