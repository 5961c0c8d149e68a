"""Puts events on their topics and returns once Kafka has every one of them."""

import threading
import time
from collections.abc import Callable, Sequence

from kafka.errors import KafkaError, MessageSizeTooLargeError

from connectors.errors import Broken, Later
from connectors.runner.clients import RETRY_AFTER_S, Connection, not_now
from connectors.runner.line import Line
from connectors.runner.room import Room
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import TOPIC_OF

Encrypt = Callable[[Sequence[Record]], Sequence[Record]]
"""Encrypts what the records say of persons; raises Later when it cannot."""
WAVE_EVENTS = 500
"""How many events of one call wait for Kafka at a time."""
WAITING_EVENTS = 2000
"""How many events of all calls together wait for Kafka at a time."""
Sign = Callable[[Record], Record]
"""Gives a record the signature of whom it comes from; raises Later where it cannot now."""


def as_they_are(records: Sequence[Record]) -> Sequence[Record]:
    """Nothing is encrypted."""
    return records


class Publisher:
    """Publishes events in the order they are given; any number of threads may call it.

    What it promises about a call:

    * It returned: the broker has every event, on the topic of its type, keyed by its subject,
      events of one subject in the order of the call.
    * It raised Later: the broker may have a beginning of them, and no more will follow. The same
      events may be handed in again; those that were there lie there twice then, under the same
      source and id, and the first copies are in order.
    * It holds at most 2,000 encoded events, in an outage too: who finds no room is told Later.
    """

    def __init__(
        self,
        connection: Connection,
        topic_prefix: str = "",
        timeout_s: float = 30.0,
        sign: Sign | None = None,
        encrypt: Encrypt = as_they_are,
    ) -> None:
        """Connect at the first call.

        A call waits at most `timeout_s` seconds for Kafka's next acknowledgement. Events are
        encrypted first: what is signed is what lies on the topic. Without `sign` and `encrypt`
        they are published as they are.
        """
        self._sign = sign
        self._encrypt = encrypt
        self._connection = connection
        self._prefix = topic_prefix
        self._timeout_s = timeout_s
        self._room = Room(WAITING_EVENTS)
        self._lock = threading.Lock()
        self._line: Line | None = None

    def __call__(self, events: Sequence[Event[Data]]) -> None:
        """Return once the broker has acknowledged every event; raises Later if it did not.

        Raises Broken for an event that no broker would take: the doors refuse what is too large.
        """
        for first in range(0, len(events), WAVE_EVENTS):
            wave = events[first : first + WAVE_EVENTS]
            with self._room.taken(len(wave), self._timeout_s):
                self._send(wave, time.monotonic() + self._timeout_s)

    def close(self) -> None:
        """Let go of the broker; a call that is still waiting is told Later."""
        with self._lock:
            line, self._line = self._line, None
        if line is not None:
            line.end()

    def _send(self, wave: Sequence[Event[Data]], until: float) -> None:
        records = self._records(wave)
        line = self._open_line(until)
        try:
            sent = [
                line.send(self._topic(event), record)
                for event, record in zip(wave, records, strict=True)
            ]
            for future in sent:
                future.get(timeout=_left(until))
        except MessageSizeTooLargeError as error:
            line.end()
            raise Broken("A door let an event through that is too large for Kafka.") from error
        except KafkaError as error:
            line.end()
            raise not_now(error, "take the events") from error

    def _records(self, wave: Sequence[Event[Data]]) -> Sequence[Record]:
        records = self._encrypt([encode(event) for event in wave])
        return records if self._sign is None else [self._sign(record) for record in records]

    def _topic(self, event: Event[Data]) -> str:
        return self._prefix + TOPIC_OF[event.data.TYPE].name

    def _open_line(self, until: float) -> Line:
        if not self._lock.acquire(timeout=_left(until)):
            raise Later(RETRY_AFTER_S, "Kafka could not be reached in time")
        try:
            if self._line is not None and self._line.stopped:
                self._line.end()
                self._line = None
            if self._line is None:
                self._line = Line(self._connection, _left(until), self._timeout_s)
            return self._line
        finally:
            self._lock.release()


def _left(until: float) -> float:
    return max(0.0, until - time.monotonic())
