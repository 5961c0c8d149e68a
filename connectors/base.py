"""What a connector is: a Source hands events in, a Sink takes deliveries out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.codec import Record
from schemas.data import Data
from schemas.envelope import Event


@dataclass(frozen=True, slots=True)
class Batch:
    """Events to publish, and what to do once Kafka has acknowledged every one of them."""

    events: Sequence[Event[Data]]
    acknowledge: Callable[[], None]
    """Called once, after the broker has every event. Until then a crash hands them in again:
    same source, same id, so that the hub recognises them."""


class Source(Protocol):
    """Turns an outside system into events; the runner calls it from one thread."""

    def read(self) -> Batch | None:
        """The next batch, or None when there is nothing now; returns within a second."""

    def close(self) -> None:
        """Let go of what is held; what was not acknowledged stays where it was."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A record of a party's delivery topic, with the place it was read from."""

    party: str
    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    record: Record


class Sink(Protocol):
    """Turns deliveries into an outside system; the runner calls it from one thread."""

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """The next offset to read for each (topic, partition) known to the system itself."""

    def write(self, deliveries: Sequence[Delivered]) -> None:
        """Keep all of them and their offsets, or none; raises Later when the system is away."""

    def close(self) -> None:
        """Let go of what is held."""


class Publish(Protocol):
    """Puts events on their topics."""

    def __call__(self, events: Sequence[Event[Data]]) -> None:
        """Return once the broker has acknowledged every event; raises Later if it did not."""
