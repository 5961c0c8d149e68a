"""The sink loop between a real Kafka and a real database."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError
from sqlalchemy import select
from structlog.testing import capture_logs

from connectors.backoffice.sink import BackOffice
from connectors.backoffice.tables import inbox
from connectors.backoffice.upgrade import upgrade
from connectors.base import Delivered, Sink
from connectors.errors import Broken, Later
from connectors.runner.sink_loop import run_sink
from connectors.sql.database import open_database
from hub.lookout.signs import last_signs
from schemas.codec import Record, encode
from tests.support import topics
from tests.support.deliveries import AT, referral
from tests.support.waiting import until

pytestmark = pytest.mark.broker
PARTIES = ("kfb", "06432005")
COORDINATOR_STARTS = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError)
"""What a broker answers that never had a group before."""


class Desk:
    """Two parties' topics and one database, and what lies where."""

    def __init__(self, bootstrap: str, prefix: str, url: str) -> None:
        """Make the topics and the tables."""
        self.bootstrap = bootstrap
        self.group = f"{prefix}backoffice"
        self.topics = {f"{prefix}to.{party}": party for party in PARTIES}
        topics.create(bootstrap, self.topics)
        upgrade(url)
        self._url = url

    def topic(self, party: str) -> str:
        """The party's topic."""
        return next(topic for topic, whose in self.topics.items() if whose == party)

    def sink(self) -> BackOffice:
        """A sink to the database."""
        return BackOffice(open_database(self._url), lambda: AT)

    def kept(self) -> list[tuple[str, str]]:
        """Party and event id of every delivery, in the order of the topics."""
        engine = open_database(self._url)
        query = select(inbox).order_by(inbox.c.party, inbox.c.topic_offset)
        with engine.connect() as connection:
            found = [(row.party, row.event_id) for row in connection.execute(query)]
        engine.dispose()
        return found

    def lag(self) -> int:
        """How far the group is behind, as operations see it; -1: no broker can tell yet."""
        with topics.admin(self.bootstrap) as admin:
            try:
                told = admin.list_group_offsets({self.group: None})[self.group]
            except COORDINATOR_STARTS:
                return -1
            ends = admin.list_partition_offsets({TopicPartition(t, 0): -1 for t in self.topics})
            return sum(
                ends[place].offset - (told[place].offset if place in told else 0) for place in ends
            )

    @contextmanager
    def running(self, sink: Sink | None = None) -> Iterator[threading.Event]:
        """A sink loop in a thread of its own; what it raises is raised here."""
        stop = threading.Event()
        raised: list[BaseException] = []

        def run() -> None:
            try:
                connection = {"bootstrap_servers": self.bootstrap}
                run_sink(sink or self.sink(), connection, self.topics, stop, self.group)
            except BaseException as error:  # noqa: BLE001 - raised again below
                raised.append(error)
                stop.set()

        loop = threading.Thread(target=run)
        loop.start()
        try:
            yield stop
        finally:
            stop.set()
            loop.join(30)
        assert not loop.is_alive()
        if raised:
            raise raised[0]


@pytest.fixture
def desk(kafka: str, topic_prefix: str, tmp_path: Path) -> Desk:
    """Topics and tables with nothing in them."""
    return Desk(kafka, topic_prefix, f"sqlite:///{tmp_path / 'backoffice.sqlite'}")


def test_brings_what_is_committed(desk: Desk) -> None:
    """Each party's committed deliveries are kept in their order; an aborted one never shows."""
    with topics.transactional(desk.bootstrap, desk.group) as hub, desk.running():
        _deliver(hub, desk, range(5))
        _deliver(hub, desk, range(5, 8), commit=False)
        _deliver(hub, desk, range(8, 10))
        expected = sorted((party, f"{n}") for party in PARTIES for n in (*range(5), 8, 9))
        until(lambda: desk.kept() == expected)


def test_lag(desk: Desk) -> None:
    """Operations see a lag of 0 when all is kept, though transactions end with a marker."""
    with topics.transactional(desk.bootstrap, desk.group) as hub:
        _deliver(hub, desk, range(3))
        with desk.running():
            until(lambda: desk.lag() == 0)
            _deliver(hub, desk, range(3, 6), commit=False)
            until(lambda: desk.lag() == 0)
        _deliver(hub, desk, range(6, 7))
        assert desk.lag() == 4


def test_signs_of_life(desk: Desk) -> None:
    """A sink with nothing to read gives signs for as long as it runs, and none after that."""
    connection = {"bootstrap_servers": desk.bootstrap}
    assert last_signs(connection, [desk.group]) == {}

    with desk.running():
        until(lambda: desk.group in last_signs(connection, [desk.group]))
        first = last_signs(connection, [desk.group])[desk.group]
        until(lambda: last_signs(connection, [desk.group])[desk.group] > first)
        assert desk.lag() == 0

    last = last_signs(connection, [desk.group])
    with desk.running():
        until(lambda: last_signs(connection, [desk.group]) != last)


def test_database_says_where(desk: Desk) -> None:
    """A new loop goes on where the database stands, whatever Kafka was told."""
    with topics.transactional(desk.bootstrap, desk.group) as hub:
        _deliver(hub, desk, range(3))
        with desk.running():
            until(lambda: len(desk.kept()) == 6)
        with topics.admin(desk.bootstrap) as admin:
            admin.delete_groups([desk.group])
        _deliver(hub, desk, range(3, 5))
        with capture_logs() as logs, desk.running():
            until(lambda: len(desk.kept()) == 10)
    assert sum(line.get("deliveries", 0) for line in logs) == 4


def test_two_loops(desk: Desk) -> None:
    """Two loops for the same parties keep each delivery once."""
    with topics.transactional(desk.bootstrap, desk.group) as hub, desk.running(), desk.running():
        for first in range(0, 300, 10):
            _deliver(hub, desk, range(first, first + 10))
        expected = [(party, f"{n}") for party in sorted(PARTIES) for n in range(300)]
        until(lambda: desk.kept() == expected)
        until(lambda: desk.lag() == 0)


def test_unreadable(desk: Desk) -> None:
    """A record that is no event stops nothing."""
    with topics.transactional(desk.bootstrap, desk.group) as hub, desk.running():
        odd = Record(b"k", b"\xff", [("ce_id", b"")])
        topics.transact(hub, [(desk.topic("kfb"), odd)])
        _deliver(hub, desk, range(1))
        until(lambda: len(desk.kept()) == 2)


def test_waits_for_topics(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    """A loop that starts before its topics waits for them."""
    desk = Desk(kafka, topic_prefix, f"sqlite:///{tmp_path / 'backoffice.sqlite'}")
    late = f"{topic_prefix}to.06432099"
    desk.topics[late] = "06432099"
    with capture_logs() as logs, desk.running():
        until(lambda: any(line["event"] == "waiting" for line in logs))
        topics.create(kafka, [late])
        with topics.transactional(kafka, desk.group) as hub:
            topics.transact(hub, [(late, encode(referral(1)))])
        until(lambda: desk.kept() == [("06432099", "1")])
    assert any(line["event"] == "working_again" for line in logs)


def test_stop_while_waiting(desk: Desk) -> None:
    """A loop whose sink is away ends at once when it is stopped."""

    class Away(BackOffice):
        def write(self, deliveries: Sequence[Delivered]) -> None:
            del deliveries
            raise Later(3600, "away")

    with topics.transactional(desk.bootstrap, desk.group) as hub:
        _deliver(hub, desk, range(1))
        with capture_logs() as logs, desk.running(Away(desk.sink()._engine, lambda: AT)):
            until(lambda: any(line["event"] == "waiting" for line in logs))
            since = time.monotonic()
        assert time.monotonic() - since < 10
    assert desk.kept() == []


def test_deleted_before_read(desk: Desk) -> None:
    """What Kafka deleted before it was read is logged, and the rest is kept."""
    with topics.transactional(desk.bootstrap, desk.group) as hub:
        _deliver(hub, desk, range(2))
        with desk.running():
            until(lambda: len(desk.kept()) == 4)
        _deliver(hub, desk, range(2, 6))
        with topics.admin(desk.bootstrap) as admin:
            admin.delete_records({TopicPartition(desk.topic("kfb"), 0): 5})
        with capture_logs() as logs, desk.running():
            until(lambda: ("kfb", "5") in desk.kept())
            until(lambda: ("06432005", "5") in desk.kept())
    missed = [line for line in logs if line["event"] == "deliveries_may_be_missed"]
    assert [(line["first"], line["at_most"]) for line in missed] == [(2, 3)]
    assert ("kfb", "2") not in desk.kept()


def test_topic_made_anew(desk: Desk) -> None:
    """A topic that is not the one that was read ends the loop: its offsets mean nothing here."""
    with topics.transactional(desk.bootstrap, desk.group) as hub:
        _deliver(hub, desk, range(5))
        with desk.running():
            until(lambda: len(desk.kept()) == 10)
    with topics.admin(desk.bootstrap) as admin:
        admin.delete_topics([desk.topic("kfb")])
        until(lambda: desk.topic("kfb") not in admin.list_topics())
    topics.create(desk.bootstrap, [desk.topic("kfb")])
    with pytest.raises(Broken, match="not the one"), desk.running() as stop:
        assert stop.wait(30)


def _deliver(hub: KafkaProducer, desk: Desk, numbers: range, *, commit: bool = True) -> None:
    said = [(desk.topic(party), encode(referral(n))) for n in numbers for party in PARTIES]
    topics.transact(hub, said, commit=commit)
