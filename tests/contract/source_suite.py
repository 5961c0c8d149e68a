"""What every source promises; a source's own tests bring the subject."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Protocol

import pytest

from connectors.base import Batch, Source
from schemas.codec import decode, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import TOPIC_OF

AT_ONCE_S = 1.0
"""Within this time `read` returns."""
PATIENCE_S = 20.0


class Subject(Protocol):
    """A kind of source, and the outside system it reads."""

    def put(self, count: int) -> Sequence[tuple[str, str]]:
        """Let so many new events wait in the system; (source, id) of each, in their order."""

    def source(self) -> Source:
        """A new source to the same system, handing out a few events at a time."""


def batches(source: Source, at_least: int) -> Iterator[Batch]:
    """Batches until so many events were handed out, then until the source is quiet."""
    handed, deadline = 0, time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        batch = source.read()
        if batch is None and handed >= at_least:
            return
        if batch is not None:
            handed += len(batch.events)
            yield batch
    pytest.fail(f"{handed} of {at_least} events in {PATIENCE_S:g} s")


def names(events: Sequence[Event[Data]]) -> list[tuple[str, str]]:
    """What makes an event recognisable."""
    return [(event.context.source, event.context.id) for event in events]


def taken(source: Source, at_least: int) -> list[Event[Data]]:
    """Everything handed out, each batch acknowledged."""
    events: list[Event[Data]] = []
    for batch in batches(source, at_least):
        events += batch.events
        batch.acknowledge()
    return events


class SourceSuite:
    """Subclass it as `Test<Kind>` with a fixture `subject`."""

    def test_hands_in_every_event_once_and_in_order(self, subject: Subject) -> None:
        """Acknowledged batch by batch, every event comes exactly once and in its order."""
        put = subject.put(23)
        with closing(subject.source()) as source:
            assert names(taken(source, 23)) == list(put)

    def test_hands_in_nothing_when_there_is_nothing(self, subject: Subject) -> None:
        """With nothing waiting, `read` says None, and soon."""
        with closing(subject.source()) as source:
            begun = time.monotonic()
            assert source.read() is None
            assert time.monotonic() - begun < AT_ONCE_S

    def test_reads_within_a_second_while_there_is_much_to_do(self, subject: Subject) -> None:
        """However much waits, each `read` returns within a second."""
        subject.put(2_000)
        with closing(subject.source()) as source:
            slowest = 0.0
            for _ in range(20):
                begun = time.monotonic()
                batch = source.read()
                slowest = max(slowest, time.monotonic() - begun)
                if batch is not None:
                    batch.acknowledge()
        assert slowest < AT_ONCE_S

    def test_what_came_in_later_comes_too(self, subject: Subject) -> None:
        """A source that ran dry hands in what is put there afterwards."""
        with closing(subject.source()) as source:
            first = subject.put(3)
            assert names(taken(source, 3)) == list(first)
            second = subject.put(3)
            assert names(taken(source, 3)) == list(second)

    def test_what_is_not_acknowledged_comes_again(self, subject: Subject) -> None:
        """A source closed before the acknowledgement leaves the batch to the next one."""
        put = subject.put(9)
        with closing(subject.source()) as source:
            unsettled = next(batches(source, 1))
        with closing(subject.source()) as source:
            again = taken(source, 9)
        assert names(again) == list(put)
        assert again[: len(unsettled.events)] == list(unsettled.events)

    def test_what_is_acknowledged_never_comes_again(self, subject: Subject) -> None:
        """The next source goes on behind the last acknowledged batch."""
        put = subject.put(9)
        with closing(subject.source()) as source:
            settled = next(batches(source, 1))
            settled.acknowledge()
        with closing(subject.source()) as source:
            rest = taken(source, 9 - len(settled.events))
        assert names(settled.events) + names(rest) == list(put)

    def test_an_acknowledgement_too_late_does_no_harm(self, subject: Subject) -> None:
        """Acknowledged after `close`, a batch may come again, but nothing behind it is lost."""
        put = subject.put(9)
        source = subject.source()
        late = next(batches(source, 1))
        source.close()
        late.acknowledge()
        with closing(subject.source()) as source:
            rest = taken(source, 9 - len(late.events))
        assert set(names(late.events)) | set(names(rest)) == set(put)

    def test_closes_more_than_once(self, subject: Subject) -> None:
        """`close` may be called again."""
        source = subject.source()
        source.close()
        source.close()

    def test_hands_in_events_of_the_contract(self, subject: Subject) -> None:
        """Every event can be written and read, and belongs on an input topic."""
        subject.put(5)
        with closing(subject.source()) as source:
            events = taken(source, 5)
        assert all(event.data.TYPE in TOPIC_OF for event in events)
        assert [decode(encode(event)) for event in events] == events
