"""What every sink promises, asked of each that there is."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from connectors.backoffice.database import open_database
from connectors.backoffice.sink import BackOffice
from connectors.backoffice.upgrade import upgrade
from connectors.base import Delivered, Sink
from connectors.errors import Broken, Later
from schemas.codec import Record, encode
from schemas.topics import delivery_topic
from tests.support.deliveries import AT, FAMILY_NAME, PARTY, delivered, deliveries, receipt
from tests.support.postgres import Postgres

TOPIC = delivery_topic(PARTY).name
KEPT = (
    "SELECT topic_offset FROM inbox WHERE party = 'kfb'"
    " UNION ALL SELECT topic_offset FROM receipts WHERE party = 'kfb'"
    " UNION ALL SELECT topic_offset FROM faulty WHERE party = 'kfb' ORDER BY 1"
)


class Subject(Protocol):
    """A kind of sink, and the outside system it writes to."""

    def sink(self, now: Callable[[], datetime] = lambda: AT) -> Sink:
        """A new sink to the same system."""

    def kept(self) -> Sequence[int]:
        """The offsets of all that the system keeps for `PARTY`."""

    @contextmanager
    def away(self) -> Iterator[None]:
        """Inside the block the system does not answer."""

    def erase(self) -> None:
        """Erase all deliveries, as happens when their time is over."""

    def set_back(self) -> None:
        """Bring the system to an earlier state, as a restored backup does."""


class Sql:
    """The back office, as far as its databases do not differ."""

    def __init__(self, url: str) -> None:
        """Use the tables at `url`."""
        upgrade(url)
        self.url = url
        self.engine = create_engine(make_url(url))

    def sink(self, now: Callable[[], datetime] = lambda: AT) -> Sink:
        """A new sink with an engine of its own."""
        return BackOffice(open_database(self.url), now)

    def kept(self) -> Sequence[int]:
        """Asked without our code."""
        with self.engine.connect() as connection:
            return [row[0] for row in connection.execute(text(KEPT))]

    def erase(self) -> None:
        """Take every row away; the position stays."""
        with self.engine.begin() as connection:
            connection.execute(text("DELETE FROM inbox"))

    def set_back(self) -> None:
        """Take the latest rows away and move the position back."""
        with self.engine.begin() as connection:
            connection.execute(text("DELETE FROM inbox WHERE topic_offset > 2"))
            connection.execute(text("UPDATE positions SET next_offset = 3"))


class Sqlite(Sql):
    """The back office on SQLite."""

    @contextmanager
    def away(self) -> Iterator[None]:
        """Somebody holds the file's lock for longer than anybody waits."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            yield
            connection.rollback()


class OnPostgres(Sql):
    """The back office on PostgreSQL."""

    def __init__(self, server: Postgres) -> None:
        """Use a new database of the server."""
        super().__init__(server.new_database())
        self._server = server

    @contextmanager
    def away(self) -> Iterator[None]:
        """The server has crashed."""
        self.engine.dispose()
        self._server.stop()
        yield
        self._server.start()


@pytest.fixture(
    params=["backoffice-sqlite", pytest.param("backoffice-postgres", marks=pytest.mark.postgres)]
)
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    """Each kind of sink, with nothing kept yet."""
    if request.param == "backoffice-postgres":
        made: OnPostgres | Sqlite = OnPostgres(request.getfixturevalue("postgres"))
    else:
        made = Sqlite(f"sqlite:///{tmp_path / 'backoffice.sqlite'}")
    yield made
    made.engine.dispose()


@pytest.fixture
def sink(subject: Subject) -> Iterator[Sink]:
    """A sink of each kind."""
    with closing(subject.sink()) as made:
        yield made


def test_deliveries_and_position(subject: Subject, sink: Sink) -> None:
    """What is written is kept, and the position stands behind it, for another sink too."""
    sink.write([*deliveries(range(3)), delivered(4, encode(receipt("r-1", "e-1")))])
    with closing(subject.sink()) as another:
        assert another.positions([TOPIC]) == {(TOPIC, 0): 5}
    assert subject.kept() == [0, 1, 2, 4]


def test_nothing_is_known_at_first(sink: Sink) -> None:
    """A sink that has never written knows no position."""
    assert not sink.positions([TOPIC])


def test_handed_in_again(subject: Subject, sink: Sink) -> None:
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


def test_erased(subject: Subject, sink: Sink) -> None:
    """What was erased does not come back when it is handed in again."""
    sink.write(deliveries(range(5)))
    subject.erase()
    sink.write(deliveries(range(5)))
    with closing(subject.sink()) as another:
        another.write(deliveries(range(3, 6)))
    assert subject.kept() == [5]


def test_same_event_at_another_offset(subject: Subject, sink: Sink) -> None:
    """An event that lies twice on the topic is kept once."""
    first = deliveries([0])[0]
    sink.write([first])
    sink.write([delivered(1, first.record), *deliveries([2])])
    assert subject.kept() == [0, 2]


def test_one_event_twice_in_a_batch(subject: Subject, sink: Sink) -> None:
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
def test_unreadable(subject: Subject, sink: Sink, record: Record) -> None:
    """What cannot be read, or is not this party's, is kept apart and stops nothing."""
    ours = deliveries(range(3))
    sink.write([ours[0], delivered(1, record), ours[2]])
    assert subject.kept() == [0, 1, 2]
    assert sink.positions([TOPIC]) == {(TOPIC, 0): 3}


def test_parties_are_apart(subject: Subject, sink: Sink) -> None:
    """Two parties' deliveries in one batch move two positions, and only their own."""
    sink.write([*deliveries(range(2)), *deliveries(range(7), party="06432005")])
    assert subject.kept() == [0, 1]
    topics = [TOPIC, "to.06432005"]
    assert sink.positions(topics) == {(TOPIC, 0): 2, ("to.06432005", 0): 7}
    assert sink.positions([TOPIC]) == {(TOPIC, 0): 2}


def test_all_or_none(subject: Subject) -> None:
    """A write that fails in the middle keeps neither rows nor position."""

    def broken_clock() -> datetime:
        raise ZeroDivisionError

    with closing(subject.sink(broken_clock)) as failing, pytest.raises(ZeroDivisionError):
        failing.write(deliveries(range(3)))
    assert subject.kept() == []
    with closing(subject.sink()) as another:
        assert not another.positions([TOPIC])


def test_away(subject: Subject, sink: Sink) -> None:
    """A system that is away raises Later, and afterwards the same batch is kept once."""
    sink.write(deliveries(range(2)))
    with subject.away(), pytest.raises(Later) as said:
        sink.write(deliveries(range(2, 4)))
    assert FAMILY_NAME not in str(said.value)
    assert said.value.__cause__ is None
    assert said.value.__suppress_context__
    sink.write(deliveries(range(2, 4)))
    assert subject.kept() == [0, 1, 2, 3]


def test_two_at_once(subject: Subject) -> None:
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


def test_set_back(subject: Subject, sink: Sink) -> None:
    """A sink does not go on when the system fell behind what it had kept: a gap would open."""
    sink.write(deliveries(range(5)))
    subject.set_back()
    with pytest.raises(Broken):
        sink.write(deliveries(range(5, 7)))
    with closing(subject.sink()) as another:
        assert another.positions([TOPIC]) == {(TOPIC, 0): 3}
        another.write(deliveries(range(3, 7)))
    assert subject.kept() == list(range(7))


def test_dated(subject: Subject) -> None:
    """A sink that dates its rows uses the clock it was given, whatever its zone."""
    with closing(subject.sink(lambda: datetime.now(UTC).astimezone())) as sink:
        sink.write(deliveries(range(1)))
    assert subject.kept() == [0]


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
