"""The script played on the hub's rules alone: no broker, no process, all in one thread.

It shows in seconds whether script, oracle and rules agree. What it cannot show is that a real hub
does what its rules say.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from connectors.backoffice.database import open_database
from connectors.base import Delivered
from hub.domain.decision import TIMER, Decision, Due, Limits, Outgoing, Received
from hub.domain.parties_file import parse
from hub.domain.timers import Timer
from hub.processors import ALL
from hub.stores.ledger.sink import LedgerSink
from hub.stores.ledger.upgrade import upgrade
from schemas.codec import decode, encode
from schemas.topics import DEAD_SUFFIX, LEDGER, TOPIC_OF
from schemas.vocabulary import Verdict
from tests.year.judge.heard import Heard
from tests.year.offices import registry
from tests.year.script.saying import Saying
from tests.year.script.script import Script

LATE: Final = timedelta(seconds=1)
"""How long after its tick something lies on its topic."""


class Rehearsal:
    """One memory for all cases, and a clock that stands a little after each tick."""

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self.heard = Heard()
        self._ledger: list[Delivered] = []
        self._state: dict[bytes, bytes] = {}
        self._timers: set[bytes] = set()
        self._parties = parse(registry(), "parties.toml")
        self._by_topic = {processor.SOURCE.name: processor for processor in ALL}
        self._by_name = {processor.NAME: processor for processor in ALL}
        self._now = datetime.min.replace(tzinfo=UTC)
        self._offset = 0

    def play(self, script: Script) -> Heard:
        """Say everything at its tick, ring what is due, and read all that follows."""
        for tick in script.ticks:
            self._now = tick + LATE
            self._ring()
            for saying in script.at.get(tick, ()):
                self._take(saying)
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

    def _take(self, saying: Saying) -> None:
        topic = TOPIC_OF[saying.event.data.TYPE].name
        received = Received(topic, 0, self._offset, self._stamp, encode(saying.event))
        self._offset += 1
        handle = self._by_topic[topic].handle
        self._keep(handle(received, self._state, self._parties, Limits()))

    def _ring(self) -> None:
        """Ring what is due, and what that makes due."""
        while due := sorted(key for key in self._timers if self._is_due(key)):
            for key in due:
                if (value := self._state.get(key)) is not None:
                    self._keep(Decision(Verdict.TIMED, state={key: None}))
                    found = Due(key, value, self._now)
                    on_time = self._by_name[found.processor].on_time
                    self._keep(on_time(found, self._state, self._parties))

    def _keep(self, decision: Decision) -> None:
        for key, value in decision.state.items():
            if value is None:
                self._state.pop(key, None)
                self._timers.discard(key)
            else:
                self._state[key] = value
                self._timers |= {key} if key.startswith(TIMER) else set()
        self._read(decision.outputs)

    def _read(self, outputs: Sequence[Outgoing]) -> None:
        for topic, record, _ in outputs:
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
