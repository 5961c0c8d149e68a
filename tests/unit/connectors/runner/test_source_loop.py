"""What the source loop does with batches, outages and bugs."""

import threading
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from connectors.base import Batch
from connectors.errors import Later
from connectors.runner.source_loop import run_source
from schemas.data import Data
from schemas.envelope import Event
from tests.support.deliveries import FAMILY_NAME, referral


class Given:
    """A source that hands in each batch until it is acknowledged, then stops the loop."""

    def __init__(self, batches: Sequence[Sequence[Event[Data]]], stop: threading.Event) -> None:
        """Hand in these."""
        self.left = list(batches)
        self.acknowledged = 0
        self.closed = False
        self._stop = stop

    def read(self) -> Batch | None:
        """The first batch that is not acknowledged."""
        if not self.left:
            self._stop.set()
            return None
        return Batch(self.left[0], self._acknowledge)

    def close(self) -> None:
        """Remember it."""
        self.closed = True

    def _acknowledge(self) -> None:
        self.left.pop(0)
        self.acknowledged += 1


class Taken:
    """A broker that says Later a number of times before it takes each batch."""

    def __init__(self, later: int = 0) -> None:
        """Say Later so often."""
        self.events: list[str] = []
        self._later = later
        self._said = 0

    def __call__(self, events: Sequence[Event[Data]]) -> None:
        """Take the events, or not yet."""
        if self._said < self._later:
            self._said += 1
            raise Later(0.001, "not yet")
        self._said = 0
        self.events += [event.context.id for event in events]


def test_in_order() -> None:
    """Batches are published in their order, each acknowledged once, and the source is closed."""
    stop = threading.Event()
    source = Given([[referral("1"), referral("2")], [], [referral("3")]], stop)
    published = Taken()
    seen: list[Batch] = []
    run_source(source, published, stop, seen.append)
    assert published.events == ["1", "2", "3"]
    assert (source.acknowledged, len(seen), source.closed) == (3, 3, True)


def test_later() -> None:
    """A batch is tried until Kafka takes it; the waiting is logged at its start and its end."""
    stop = threading.Event()
    source = Given([[referral("1")], [referral("2")]], stop)
    published = Taken(later=5)
    with capture_logs() as logs:
        run_source(source, published, stop)
    assert published.events == ["1", "2"]
    said = [line["event"] for line in logs]
    assert said == ["waiting", "working_again", "events_published"] * 2
    assert FAMILY_NAME not in str(logs)


def test_stopped_while_waiting() -> None:
    """A stop while Kafka is away ends the loop at once and leaves the batch with the source."""
    stop = threading.Event()
    source = Given([[referral("1")]], stop)

    def never(events: Sequence[Event[Data]]) -> None:
        del events
        stop.set()
        raise Later(3600, "away")

    run_source(source, never, stop)
    assert (source.acknowledged, len(source.left), source.closed) == (0, 1, True)


def test_stopped_before() -> None:
    """A loop that is stopped before it starts reads nothing and closes the source."""
    stop = threading.Event()
    stop.set()
    source = Given([[referral("1")]], stop)
    run_source(source, Taken(), stop)
    assert (source.acknowledged, source.closed) == (0, True)


def test_bug() -> None:
    """Anything but Later goes through, with the batch unacknowledged and the source closed."""
    stop = threading.Event()
    source = Given([[referral("1")]], stop)

    def broken(events: Sequence[Event[Data]]) -> None:
        del events
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_source(source, broken, stop)
    assert (source.acknowledged, source.closed) == (0, True)
