"""What every sink promises; a sink's subject says what system it writes to."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol

import pytest
from structlog.testing import capture_logs

from connectors.base import Delivered, Sink
from connectors.errors import Broken, Later
from schemas.codec import Record, encode
from schemas.topics import delivery_topic
from tests.support.builders import a_probe
from tests.support.deliveries import (
    AT,
    FAMILY_NAME,
    PARTY,
    delivered,
    deliveries,
    receipt,
    referral,
)

TOPIC: Final = delivery_topic(PARTY).name


class Subject(Protocol):
    """A kind of sink, and the outside system it writes to."""

    def sink(self, now: Callable[[], datetime] = lambda: AT) -> Sink:
        """A new sink to the same system."""

    def kept(self) -> Sequence[int]:
        """The offsets of all that the system keeps for `PARTY`."""

    def away(self) -> AbstractContextManager[None]:
        """Inside the block the system does not answer."""

    def erase(self) -> None:
        """Erase all deliveries, as happens when their time is over."""

    def set_back(self) -> None:
        """Bring the system to an earlier state, as a restored backup does."""


class SinkSuite:
    """Subclass it as `Test<Kind>` with a fixture `subject`."""

    @pytest.fixture
    def sink(self, subject: Subject) -> Iterator[Sink]:
        """A sink of this kind."""
        with closing(subject.sink()) as made:
            yield made

    def test_deliveries_and_position(self, subject: Subject, sink: Sink) -> None:
        """What is written is kept, and the position stands behind it, for another sink too."""
        sink.write([*deliveries(range(3)), delivered(4, encode(receipt("r-1", "e-1")))])
        with closing(subject.sink()) as another:
            assert another.positions([TOPIC]) == {(TOPIC, 0): 5}
        assert subject.kept() == [0, 1, 2, 4]

    def test_a_probe_is_passed(self, subject: Subject, sink: Sink) -> None:
        """Nothing is kept of a probe, before others or alone, but that it lies behind."""
        probe = delivered(1, encode(a_probe()))
        sink.write([*deliveries([0]), probe, *deliveries([2])])
        sink.write([delivered(3, encode(a_probe(id="p-2")))])
        with closing(subject.sink()) as another:
            assert another.positions([TOPIC]) == {(TOPIC, 0): 4}
        assert subject.kept() == [0, 2]

    def test_nothing_is_known_at_first(self, sink: Sink) -> None:
        """A sink that has never written knows no position."""
        assert not sink.positions([TOPIC])

    def test_handed_in_again(self, subject: Subject, sink: Sink) -> None:
        """A batch handed in again changes nothing, to the same sink or to another."""
        batch = deliveries(range(5))
        sink.write(batch)
        sink.write(batch)
        with closing(subject.sink()) as another:
            another.write(batch)
            another.write(deliveries(range(3, 8)))
        sink.write(deliveries(range(2, 9)))
        assert subject.kept() == list(range(9))
        assert sink.positions([TOPIC]) == {(TOPIC, 0): 9}

    def test_erased(self, subject: Subject, sink: Sink) -> None:
        """What was erased does not come back when it is handed in again."""
        sink.write(deliveries(range(5)))
        subject.erase()
        sink.write(deliveries(range(5)))
        with closing(subject.sink()) as another:
            another.write(deliveries(range(3, 6)))
        assert subject.kept() == [5]

    def test_same_event_at_another_offset(self, subject: Subject, sink: Sink) -> None:
        """An event that lies twice on the topic is kept once."""
        first = deliveries([0])[0]
        sink.write([first])
        sink.write([delivered(1, first.record), *deliveries([2])])
        assert subject.kept() == [0, 2]

    def test_one_event_twice_in_a_batch(self, subject: Subject, sink: Sink) -> None:
        """An event that lies twice in one batch is kept once."""
        first = deliveries([0])[0]
        sink.write([first, delivered(1, first.record)])
        assert subject.kept() == [0]

    @pytest.mark.parametrize(
        "record",
        [
            Record(b"case-0001", b"\xff\x00 not an event", (("ce_id", b"x"), ("odd", b"\xfe"))),
            Record(None, None, ()),
            deliveries([1], party="06432005")[0].record,
        ],
        ids=["bytes", "nothing", "for-another-party"],
    )
    def test_unreadable(self, subject: Subject, sink: Sink, record: Record) -> None:
        """What cannot be read, or is not this party's, is kept apart and stops nothing."""
        ours = deliveries(range(3))
        sink.write([ours[0], delivered(1, record), ours[2]])
        assert subject.kept() == [0, 1, 2]
        assert sink.positions([TOPIC]) == {(TOPIC, 0): 3}

    def test_parties_are_apart(self, subject: Subject, sink: Sink) -> None:
        """Two parties' deliveries in one batch move two positions, and only their own."""
        sink.write([*deliveries(range(2)), *deliveries(range(7), party="06432005")])
        assert subject.kept() == [0, 1]
        topics = [TOPIC, "to.06432005"]
        assert sink.positions(topics) == {(TOPIC, 0): 2, ("to.06432005", 0): 7}
        assert sink.positions([TOPIC]) == {(TOPIC, 0): 2}

    def test_all_or_none(self, subject: Subject) -> None:
        """A write that fails in the middle keeps neither rows nor position."""

        def broken_clock() -> datetime:
            raise ZeroDivisionError

        with closing(subject.sink(broken_clock)) as failing, pytest.raises(ZeroDivisionError):
            failing.write(deliveries(range(3)))
        assert subject.kept() == []
        with closing(subject.sink()) as another:
            assert not another.positions([TOPIC])

    def test_away(self, subject: Subject, sink: Sink) -> None:
        """A system that is away raises Later, and afterwards the same batch is kept once."""
        sink.write(deliveries(range(2)))
        with subject.away(), pytest.raises(Later) as said:
            sink.write(deliveries(range(2, 4)))
        assert FAMILY_NAME not in str(said.value)
        assert said.value.__cause__ is None
        assert said.value.__suppress_context__
        sink.write(deliveries(range(2, 4)))
        assert subject.kept() == [0, 1, 2, 3]

    def test_two_at_once(self, subject: Subject) -> None:
        """Of two sinks that write the same deliveries at once, each is kept by one of them."""
        failed: list[BaseException] = []
        together = threading.Barrier(2)

        def write(sink: Sink, size: int) -> None:
            together.wait()
            for first in range(0, 120, size):
                _until_written(sink, deliveries(range(first, first + size)))

        with ExitStack() as stack:
            sinks = [stack.enter_context(closing(subject.sink())) for _ in range(2)]
            writers = [
                threading.Thread(target=_caught, args=(partial(write, sink, size), failed))
                for sink, size in zip(sinks, (4, 10), strict=True)
            ]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            assert not failed
            assert subject.kept() == list(range(120))
            assert all(sink.positions([TOPIC]) == {(TOPIC, 0): 120} for sink in sinks)

    def test_set_back(self, subject: Subject, sink: Sink) -> None:
        """A sink does not go on when the system fell behind what it had kept: a gap would open."""
        sink.write(deliveries(range(5)))
        subject.set_back()
        with pytest.raises(Broken):
            sink.write(deliveries(range(5, 7)))
        with closing(subject.sink()) as another:
            assert another.positions([TOPIC]) == {(TOPIC, 0): 3}
            another.write(deliveries(range(3, 7)))
        assert subject.kept() == list(range(7))

    def test_dated(self, subject: Subject) -> None:
        """A sink that dates its rows uses the clock it was given, whatever its zone."""
        with closing(subject.sink(lambda: datetime.now(UTC).astimezone())) as sink:
            sink.write(deliveries(range(1)))
        assert subject.kept() == [0]

    def test_nothing_personal_is_logged(self, sink: Sink) -> None:
        """No line of the log names anybody, whatever is written or goes wrong."""
        unreadable = Record(b"k", FAMILY_NAME.encode(), (("ce_id", FAMILY_NAME.encode()),))
        with capture_logs() as logs:
            sink.write([*deliveries(range(3)), delivered(3, unreadable)])
            sink.write([*deliveries(range(3)), delivered(4, encode(referral("kfb-1")))])
        assert FAMILY_NAME not in str(logs)


def _until_written(sink: Sink, batch: Sequence[Delivered]) -> None:
    for _ in range(200):
        try:
            return sink.write(batch)
        except Later:
            continue
    raise AssertionError("never written")


def _caught(act: Callable[[], None], failed: list[BaseException]) -> None:
    try:
        act()
    except BaseException as error:  # noqa: BLE001 - shown by the test
        failed.append(error)
