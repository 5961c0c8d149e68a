"""Sends a district's events at a steady rate while faults happen, and notes what was sent."""

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.base import Publish
from connectors.errors import Later
from hub.doors.carrying import publisher
from hub.party_file import load_parties
from hub.settings import Settings
from schemas.data import Data
from schemas.envelope import Event
from tests.chaos.background import Background
from tests.support.event_stream import events
from tests.support.routing_oracle import Expected

BATCH_S = 0.1
REPEAT_SHARE = 0.02


@dataclass(slots=True)
class Sent:
    """One event as it was sent."""

    number: int
    event: Event[Data]
    expected: Expected
    at: float
    """Monotonic seconds at which Kafka had it."""


@dataclass
class Traffic(Background):
    """A sender in its own thread; some events it sends twice, as real senders do."""

    settings: Settings
    seed: int
    rate: int
    """Events per second."""
    sent: list[Sent] = field(default_factory=list)
    repeats: int = 0

    def __post_init__(self) -> None:
        super().__init__("traffic")

    def wait_for(self, number: int, limit_s: float = 60) -> None:
        """Return when so many events were sent."""
        until = time.monotonic() + limit_s
        while len(self.sent) < number:
            if self.failure is not None or time.monotonic() > until:
                raise TimeoutError(f"{len(self.sent)} of {number} events sent") from self.failure
            self.stopping.wait(0.05)

    def work(self) -> None:
        """Send until told to stop."""
        parties = [party.id for party in load_parties().party]
        with publisher(self.settings, "traffic", parties, timeout_s=10) as publish:
            self._send(publish)

    def _send(self, publish: Publish) -> None:
        chance = random.Random(self.seed)
        begin = datetime.now(UTC) - timedelta(hours=1)
        stream = events(self.seed, 10_000_000, begin)
        size = max(1, int(self.rate * BATCH_S))
        due = time.monotonic()
        while not self.stopping.is_set():
            batch = [next(stream) for _ in range(size)]
            again = [e for e, _ in batch if chance.random() < REPEAT_SHARE]
            self._publish(publish, [event for event, _ in batch] + again)
            self.repeats += len(again)
            at = time.monotonic()
            self.sent += [
                Sent(len(self.sent) + nth, event, expected, at)
                for nth, (event, expected) in enumerate(batch)
            ]
            due = max(due + BATCH_S, at - 1.0)
            self.stopping.wait(max(0.0, due - at))

    def _publish(self, publish: Publish, batch: list[Event[Data]]) -> None:
        """Try until Kafka has them: the sender's own duty, whatever happens to the broker."""
        while True:
            try:
                publish(batch)
            except Later as later:
                self.stopping.wait(later.retry_after_s / 10)
            else:
                return
