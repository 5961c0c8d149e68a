"""The sink while it is killed, its database is away, or its broker is."""

import gc
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from connectors.backoffice.upgrade import upgrade
from hub.broker.cluster import Cluster
from schemas.codec import encode
from schemas.topics import delivery_topic
from tests.support import topics
from tests.support.deliveries import FAMILY_NAME, PARTY, referral
from tests.support.kafka import cluster
from tests.support.postgres import Postgres, started
from tests.support.waiting import until

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.broker,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]
ALL = 2400
PER_TRANSACTION = 150
ROOT = Path(__file__).parents[2]


class Inbox:
    """The deliveries of one party on their way into one database."""

    def __init__(self, bootstrap: str, topic: str, url: str, folder: Path) -> None:
        """Make topic and tables; logs go into `folder`."""
        self.bootstrap = bootstrap
        self.topic = topic
        self._folder = folder
        self._url = url
        topics.create(bootstrap, [topic])
        upgrade(url)

    def deliver(self, numbers: range) -> None:
        """Put deliveries on the topic, every third transaction aborted and then said again."""
        with topics.transactional(self.bootstrap, self.topic) as hub:
            for first in numbers[::PER_TRANSACTION]:
                chunk = range(first, min(first + PER_TRANSACTION, numbers.stop))
                said = [(self.topic, encode(referral(n, f"case-{n % 9}"))) for n in chunk]
                if first % 3 == 0:
                    topics.transact(hub, said, commit=False)
                topics.transact(hub, said)

    def kept(self) -> Sequence[int]:
        """The numbers of the deliveries that are kept, in the order of the topic."""
        engine = create_engine(make_url(self._url))
        query = text("SELECT event_id FROM inbox ORDER BY topic_offset")
        with engine.connect() as connection:
            found = [int(row[0]) for row in connection.execute(query)]
        engine.dispose()
        return found

    @contextmanager
    def sink(self, log: str = "sink.log") -> Iterator[psutil.Popen]:
        """A sink in a process of its own, killed at the end if it still runs."""
        command = ["-m", "tests.support.sink_process", self._url, self.bootstrap, self.topic]
        with (self._folder / log).open("ab") as out:
            process = psutil.Popen([sys.executable, *command], cwd=ROOT, stdout=out, stderr=out)
        try:
            yield process
        finally:
            if process.is_running():
                process.kill()
            process.wait(30)

    def freeze(self, process: psutil.Popen) -> None:
        """Freeze it; with SQLite not while it holds the file, which is let go by nobody else."""
        process.suspend()
        while self._is_locked():
            process.resume()
            process.suspend()

    def said(self, event: str, log: str = "sink.log") -> int:
        """How often a sink has logged it."""
        return (self._folder / log).read_text("utf-8").count(event)

    def assert_complete(self) -> None:
        """Everything is kept once, in order, and the log names nobody."""
        assert self.kept() == list(range(ALL))
        assert not any(self.said(FAMILY_NAME, log.name) for log in self._folder.glob("*.log"))

    def _is_locked(self) -> bool:
        if not self._url.startswith("sqlite"):
            return False
        engine = create_engine(make_url(self._url), connect_args={"timeout": 0.05})
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError:
            return True
        finally:
            engine.dispose()
        return False


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that may be stopped."""
    with started() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def inbox(request: pytest.FixtureRequest, kafka: str, topic_prefix: str, tmp_path: Path) -> Inbox:
    """An inbox on each kind of database, its deliveries on the shared Kafka."""
    topic = topic_prefix + delivery_topic(PARTY).name
    url = f"sqlite:///{tmp_path / 'backoffice.sqlite'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").new_database()
    return Inbox(kafka, topic, url, tmp_path)


def test_killed_in_the_middle(inbox: Inbox) -> None:
    """A sink killed with -9 again and again keeps every delivery once, in order."""
    inbox.deliver(range(ALL))
    for _ in range(3):
        with inbox.sink() as process:
            before = len(inbox.kept())
            until(lambda before=before: len(inbox.kept()) > before or before == ALL)  # type: ignore[misc]
            process.kill()
    with inbox.sink() as process:
        until(lambda: len(inbox.kept()) == ALL)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    inbox.assert_complete()


def test_frozen_and_replaced(inbox: Inbox) -> None:
    """A sink that was frozen while another took its place wakes up and changes nothing."""
    inbox.deliver(range(ALL // 2))
    with inbox.sink("old.log") as old:
        until(lambda: len(inbox.kept()) > 0)
        inbox.freeze(old)
        with inbox.sink():
            inbox.deliver(range(ALL // 2, ALL))
            until(lambda: len(inbox.kept()) == ALL)
            written = inbox.said("deliveries_written", "old.log")
            old.resume()
            until(lambda: inbox.said("deliveries_written", "old.log") > written)
    inbox.assert_complete()


@pytest.mark.postgres
def test_database_is_away(
    kafka: str, topic_prefix: str, tmp_path: Path, postgres: Postgres
) -> None:
    """A database that crashes twice while deliveries come costs nothing but time."""
    topic = topic_prefix + delivery_topic(PARTY).name
    inbox = Inbox(kafka, topic, postgres.new_database(), tmp_path)
    with inbox.sink() as process:
        for part in range(2):
            start = part * ALL // 2
            inbox.deliver(range(start, start + ALL // 4))
            until(lambda start=start: len(inbox.kept()) > start)  # type: ignore[misc]
            postgres.stop()
            inbox.deliver(range(start + ALL // 4, start + ALL // 2))
            until(lambda part=part: inbox.said("waiting") == part + 1)  # type: ignore[misc]
            postgres.start()
        until(lambda: len(inbox.kept()) == ALL)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    inbox.assert_complete()
    assert inbox.said("working_again") == 2


def test_broker_is_away(tmp_path: Path) -> None:
    """A broker that is killed twice while deliveries come costs nothing but time."""
    url = f"sqlite:///{tmp_path / 'backoffice.sqlite'}"
    with cluster(tmp_path / "kafka") as own:
        inbox = Inbox(own.bootstrap, delivery_topic(PARTY).name, url, tmp_path)
        with inbox.sink() as process:
            for part in range(2):
                _deliver_and_kill(inbox, own, range(part * ALL // 2, (part + 1) * ALL // 2))
            until(lambda: len(inbox.kept()) == ALL)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        inbox.assert_complete()
    gc.collect()  # kafka-python leaves the sockets of failed attempts to the collector


def _deliver_and_kill(inbox: Inbox, own: Cluster, numbers: range) -> None:
    inbox.deliver(numbers)
    until(lambda: len(inbox.kept()) > numbers.start)
    own.nodes[0].kill()
    own.nodes[0].start()
    own.await_ready()
