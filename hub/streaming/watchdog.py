"""Ends a worker that has stopped moving: a thread outside the event loop that watches it.

Faust is known to stall after rebalances (its recovery task can end without a word), and a loop
that hangs cannot report itself.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from hub.streaming.fail_stop import die
from hub.streaming.lanes import Lanes

LOOK_EVERY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What the watchdog may see of the worker; each is read from another thread."""

    beat: Callable[[], float]
    """When the event loop last turned, monotonic seconds."""
    rebalancing: Callable[[], bool]
    """Whether Faust is in a rebalance."""
    lanes: Lanes


class Watchdog:
    """Looks every few seconds; ends the process when there is work and no progress."""

    def __init__(self, signs: Signs, connection: Mapping[str, Any], limit_s: float) -> None:
        """Keep what to look at and how long nothing may happen."""
        self._signs = signs
        self._connection = dict(connection)
        self._limit_s = limit_s
        self._stopped = threading.Event()
        self._consumer: Any = None
        self._rebalancing_since: float | None = None
        self._behind_since: dict[Any, float] = {}
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more: the worker is stopping."""
        self._stopped.set()
        self._thread.join(timeout=LOOK_EVERY_S)

    def _watch(self) -> None:
        while not self._stopped.wait(LOOK_EVERY_S):
            now = time.monotonic()
            self._look_at_loop(now)
            self._look_at_rebalance(now)
            self._look_at_lanes(now)

    def _look_at_loop(self, now: float) -> None:
        silent_s = now - self._signs.beat()
        if silent_s > self._limit_s:
            die("event loop hangs", silent_s=round(silent_s))

    def _look_at_rebalance(self, now: float) -> None:
        if not self._signs.rebalancing():
            self._rebalancing_since = None
            return
        self._rebalancing_since = self._rebalancing_since or now
        if now - self._rebalancing_since > self._limit_s:
            die("rebalance does not end", since_s=round(now - self._rebalancing_since))

    def _look_at_lanes(self, now: float) -> None:
        """A lane with records to read whose position has not moved is stalled."""
        lanes = dict(self._signs.lanes.open_lanes)
        ends = self._ends(list(lanes))
        for source in list(self._behind_since):
            if source not in lanes:
                del self._behind_since[source]
        for source, lane in lanes.items():
            if ends.get(source, 0) <= lane.position:
                self._behind_since.pop(source, None)
                continue
            since = max(self._behind_since.setdefault(source, now), lane.progress_at)
            if now - since > self._limit_s:
                die("lane stalls", source=str(source), position=lane.position, end=ends[source])

    def _ends(self, sources: list[Any]) -> dict[Any, int]:
        """The last stable offset of each source; nothing while the broker does not answer."""
        if not sources:
            return {}
        try:
            if self._consumer is None:
                self._consumer = KafkaConsumer(**self._connection, isolation_level="read_committed")
            asked = {tp: TopicPartition(tp.topic, tp.partition) for tp in sources}
            ends = self._consumer.end_offsets(list(asked.values()))
            return {tp: int(ends[kafka_tp]) for tp, kafka_tp in asked.items()}
        except KafkaError as error:
            structlog.get_logger().warning("watchdog_blind", error=type(error).__name__)
            self._consumer = None
            return {}
