"""Listens to every topic of a run as its recipients do, and notes when each record came."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

from hub.demo.arrivals import Seen
from hub.streaming.reading import Found, Reader
from schemas.codec import Record
from schemas.topics import LANE_TOPICS, LEDGER, dead_topic, delivery_topic

WAIT_S: Final = 0.25


def topics(prefix: str, parties: Iterable[str]) -> list[str]:
    """The topics to listen to: those of the lanes, dead, ledger, and each party's."""
    inside = [*LANE_TOPICS, *map(dead_topic, LANE_TOPICS), LEDGER, *map(delivery_topic, parties)]
    return [prefix + topic.name for topic in inside]


class Listener:
    """Listens to all topics of a run in a thread of its own."""

    def __init__(self, reader: Reader, prefix: str, opens: Callable[[Record], Record]) -> None:
        """Listen by this reader to topics with this prefix, and open what lies there encrypted."""
        self._opens = opens
        self.seen = Seen()
        self.changed = threading.Condition()
        """Hold it to look at `seen`; notified after every change."""
        self._reader = reader
        self._prefix = prefix
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise what has ended the listening, if anything has."""
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join()
        self._reader.close()

    def _listen(self) -> None:
        try:
            while not self._stop.is_set():
                found = self._reader.read(WAIT_S)
                at = time.monotonic()
                if found:
                    with self.changed:
                        self._note(found, at)
                        self.changed.notify_all()
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            self._error = error
            with self.changed:
                self.changed.notify_all()

    def _note(self, found: Iterable[Found], at: float) -> None:
        for one in found:
            record = self._opens(one.record)
            self.seen.note(one.topic.removeprefix(self._prefix), record, at)
            self.seen.ends[one.topic] = one.offset + 1
