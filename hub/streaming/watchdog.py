"""Ends a worker that has stopped moving: a thread outside the event loop that watches it.

Faust is known to stall after rebalances (its recovery task can end without a word), and a loop
that hangs cannot report itself.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog
from kafka import TopicPartition

from hub.streaming.clients import open_consumer
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
        self._empty_until: dict[Any, int] = {}
        """Up to where nothing readable lies beyond a source: what lanes write ends in a mark."""
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
        """A lane is stalled if a source of it has records to read and has not moved."""
        sources = self._signs.lanes.sources()
        ends = self._asked(lambda consumer: self._ends(consumer, list(sources)))
        if ends is None:
            return
        self._behind_since = {tp: at for tp, at in self._behind_since.items() if tp in sources}
        for place, source in sources.items():
            if ends[place] <= max(source.position, self._empty_until.get(place, 0)):
                self._behind_since.pop(place, None)
                continue
            since = max(self._behind_since.setdefault(place, now), source.progress_at)
            if now - since <= self._limit_s:
                continue
            readable = self._asked(partial(self._has_record, place, source.position))
            if readable:
                die("lane stalls", source=str(place), position=source.position, end=ends[place])
            if readable is not None:  # control markers and aborted records only
                self._empty_until[place] = ends[place]
            self._behind_since.pop(place, None)

    def _asked(self, question: Callable[[Any], Any]) -> Any:
        """The broker's answer; None while it gives none, which is no sign of a stall."""
        try:
            if self._consumer is None:
                self._consumer = open_consumer(
                    self._connection, isolation_level="read_committed", enable_auto_commit=False
                )
            return question(self._consumer)
        except Exception as error:  # noqa: BLE001 - the watchdog itself must go on
            structlog.get_logger().warning("watchdog_blind", error=type(error).__name__)
            consumer, self._consumer = self._consumer, None
            with suppress(Exception):
                consumer.close()
            return None

    def _ends(self, consumer: Any, sources: list[Any]) -> dict[Any, int]:
        """The last stable offset of each source."""
        if not sources:
            return {}
        asked = {tp: TopicPartition(tp.topic, tp.partition) for tp in sources}
        ends = consumer.end_offsets(list(asked.values()))
        return {tp: int(ends[kafka_tp]) for tp, kafka_tp in asked.items()}

    def _has_record(self, source: Any, position: int, consumer: Any) -> bool:
        """Whether anything readable lies from this position on."""
        place = TopicPartition(source.topic, source.partition)
        consumer.assign([place])
        consumer.seek(place, position)
        found = consumer.poll(timeout_ms=int(LOOK_EVERY_S * 1000), max_records=1)
        return bool(found)
