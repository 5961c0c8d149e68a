"""The script played on the hub's rules alone: no broker, no process, all in one thread.

It shows in seconds whether script, oracle and rules agree. What it cannot show is that a real hub
does what its rules say.
"""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from connectors.base import Delivered
from connectors.sql.database import open_database
from hub.domain.decision import (
    EVERY_PARTITION,
    TIMER,
    Decision,
    Due,
    Kept,
    Limits,
    Outgoing,
    Received,
)
from hub.domain.parties_file import parse
from hub.domain.timers import Timer
from hub.processors import ALL
from hub.stores.ledger.sink import LedgerSink
from hub.stores.ledger.upgrade import upgrade
from hub.streaming.reading import Found
from schemas.codec import Record, decode, encode
from schemas.topics import DEAD_SUFFIX, LANE_OFFERS, LEDGER, TOPIC_OF
from schemas.vocabulary import Verdict
from tests.bench.events import PARTITIONS, partition
from tests.year.judge.heard import Heard
from tests.year.offices import registry
from tests.year.script.script import Script

LATE: Final = timedelta(seconds=1)
"""How long after its tick something lies on its topic."""


class Rehearsal:
    """Lanes with their memories, and a clock that stands a little after each tick."""

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self.heard = Heard()
        self._ledger: list[Delivered] = []
        self._lanes = [Kept() for _ in range(PARTITIONS)]
        self._timers: list[set[bytes]] = [set() for _ in range(PARTITIONS)]
        self._news: deque[tuple[int, Record]] = deque()
        self._parties = parse(registry(), "parties.toml")
        self._by_topic = {processor.SOURCE.name: processor for processor in ALL}
        self._by_name = {processor.NAME: processor for processor in ALL}
        self._now = datetime.min.replace(tzinfo=UTC)
        self._offset = 0

    def play(self, script: Script) -> Heard:
        """Say everything at its tick, ring what is due, and read all that follows."""
        for tick in script.ticks:
            self._now = tick + LATE
            for lane in range(PARTITIONS):
                self._ring(lane)
            for saying in script.at.get(tick, ()):
                topic = TOPIC_OF[saying.event.data.TYPE].name
                self._take(topic, partition(saying.subject.encode()), encode(saying.event))
            while self._news:
                self._take(LANE_OFFERS.name, *self._news.popleft())
        return self.heard

    def keep_ledger(self, url: str) -> None:
        """Keep the ledger in tables, as `hub connect ledger` does."""
        upgrade(url)
        sink = LedgerSink(open_database(url))
        try:
            sink.positions([LEDGER.name])
            sink.write(self._ledger)
        finally:
            sink.close()

    def _take(self, topic: str, lane: int, record: Record) -> None:
        self._offset += 1
        if topic == LANE_OFFERS.name:
            self.heard.news.note_told(Found(topic, lane, self._offset, self._stamp, record))
        received = Received(topic, lane, self._offset, self._stamp, record)
        handle = self._by_topic[topic].handle
        self._keep(lane, handle(received, self._lanes[lane], self._parties, Limits()))

    def _ring(self, lane: int) -> None:
        """Ring what is due, and what that makes due."""
        while due := sorted(key for key in self._timers[lane] if self._is_due(key)):
            for key in due:
                if (value := self._lanes[lane].get(key)) is not None:
                    self._keep(lane, Decision(Verdict.TIMED, state={key: None}))
                    found = Due(key, value, self._now)
                    on_time = self._by_name[found.processor].on_time
                    self._keep(lane, on_time(found, self._lanes[lane], self._parties))

    def _keep(self, lane: int, decision: Decision) -> None:
        self._lanes[lane].remember(decision.state)
        for key, value in decision.state.items():
            if key.startswith(TIMER):
                timers = self._timers[lane]
                (timers.discard if value is None else timers.add)(key)
        self._read(decision.outputs)

    def _read(self, outputs: Sequence[Outgoing]) -> None:
        for topic, record, place in outputs:
            if topic == LANE_OFFERS.name:
                assert place == EVERY_PARTITION
                self._news += ((lane, record) for lane in range(PARTITIONS))
                continue
            if topic == LEDGER.name:
                at = len(self._ledger)
                self._ledger.append(Delivered("hub", topic, 0, at, self._stamp, record))
            if not topic.endswith(DEAD_SUFFIX):
                self.heard.note(decode(record))

    @property
    def _stamp(self) -> int:
        return round(self._now.timestamp() * 1000)

    def _is_due(self, key: bytes) -> bool:
        return Timer.due_s(key.decode()) <= self._now.timestamp()
