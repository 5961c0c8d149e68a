"""The mailbox's tables as the outside system of a sink, and a town hall that collects."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import httpx
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from connectors.base import Sink, Source
from connectors.callers.credentials import Credential
from connectors.callers.scopes import Scope
from connectors.callers.tokens import digest
from connectors.mailbox.app import create_app
from connectors.mailbox.notices import Notices
from connectors.mailbox.options import Options
from connectors.mailbox.serve import serve
from connectors.mailbox.sink import Mailboxes
from connectors.mailbox.store import Store, Uncollected
from connectors.mailbox.upgrade import upgrade
from connectors.safe_headers import SafeHeaders
from connectors.sql.database import open_database
from schemas.codec import encode
from schemas.data import Data
from schemas.envelope import Event
from tests.support.builders import a_step
from tests.support.callers import entrance_of
from tests.support.deliveries import AT, PARTY, delivered, referral
from tests.support.postgres import Postgres

TOKEN: Final = "invented-token-of-the-jobcenter-0123456789"
OTHER_TOKEN: Final = "invented-token-of-eppertshausen-0123456789"
SENDING_TOKEN: Final = "invented-token-that-only-sends-0123456789"
OTHER: Final = "06432005"


_SHARED: Final[dict[Postgres, str]] = {}


class Tables:
    """The mailboxes, as far as their databases do not differ."""

    def __init__(self, url: str) -> None:
        """Use the tables at `url`."""
        upgrade(url)
        self.url = url
        self.engine = create_engine(make_url(url))
        self._put = 0

    def sink(self, now: Callable[[], datetime] = lambda: AT) -> Sink:
        """A new sink with an engine of its own."""
        return Mailboxes(open_database(self.url), now)

    def store(self) -> Store:
        """The mailboxes as the web application has them."""
        return Store(open_database(self.url))

    def run(self, statement: str) -> list[Any]:
        """Ask without our code."""
        with self.engine.begin() as connection:
            done = connection.execute(text(statement))
            return list(done.all()) if done.returns_rows else []

    def fill(self, numbers: range, at: datetime = AT, party: str = PARTY) -> None:
        """Let deliveries come in then."""
        events = [referral(f"{party}-{n}", f"case-{n % 5}", recipient=party) for n in numbers]
        sink = self.sink(lambda: at)
        sink.write([delivered(n, encode(e), party) for n, e in zip(numbers, events, strict=True)])
        sink.close()

    def kept(self) -> Sequence[int]:
        """For the suite of sinks."""
        found = self.run("SELECT topic_offset FROM mailbox_faulty WHERE party = 'kfb'")
        items = self.run("SELECT event_id FROM mailbox_items WHERE party = 'kfb'")
        numbers = [_number(row[0]) for row in items]
        return sorted([*numbers, *(row[0] for row in found)])

    def erase(self) -> None:
        """Take every row away; the position stays."""
        self.run("DELETE FROM mailbox_items")

    def set_back(self) -> None:
        """Take the latest rows away and move the position back."""
        self.run("DELETE FROM mailbox_items WHERE event_id > 'kfb-2'")
        self.run("UPDATE mailbox_positions SET next_offset = 3")

    def put(self, count: int) -> Sequence[tuple[str, str]]:
        """For the suite of sources: items that are late."""
        numbers = range(self._put, self._put + count)
        self._put += count
        self.fill(numbers)
        return [(notice(one).context.source, notice(one).context.id) for one in self._late(numbers)]

    def source(self) -> Source:
        """What says so."""
        return Notices(self.store(), [PARTY], notice, lambda _: LATER, lambda: LATER, every_s=0.001)

    def _late(self, numbers: range) -> list[Uncollected]:
        names = {f"{PARTY}-{n}" for n in numbers}
        store = self.store()
        found = [one for one in store.uncollected(PARTY, LATER, 10_000) if one.event_id in names]
        store.close()
        return found


LATER: Final = AT.replace(year=AT.year + 1)


def notice(late: Uncollected) -> Event[Data]:
    """A stand-in for what is said of a late item: an event of the contract with a derived id."""
    name = uuid5(NAMESPACE_URL, f"urn:kurze-wege:uncollected:{late.party}:{late.event_id}")
    return a_step("on-hold", by=late.party, reason="at_capacity", id=str(name), on=late.subject)


class OnSqlite(Tables):
    """The mailboxes on SQLite."""

    @contextmanager
    def away(self) -> Iterator[None]:
        """Somebody holds the file's lock for longer than anybody waits."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            yield
            connection.rollback()


class OnPostgres(Tables):
    """The mailboxes on PostgreSQL."""

    def __init__(self, server: Postgres) -> None:
        """Use a database that all share: to make one takes its time."""
        super().__init__(_SHARED.get(server) or _SHARED.setdefault(server, server.new_database()))
        self._server = server
        self.run("TRUNCATE mailbox_items, mailbox_faulty, mailbox_positions")

    @contextmanager
    def away(self) -> Iterator[None]:
        """The server has crashed."""
        self.engine.dispose()
        self._server.stop()
        yield
        self._server.start()


def _number(event_id: str) -> int:
    """The offset it came from: its number, but for receipts and such."""
    tail = event_id.rpartition("-")[2]
    return 4 if event_id.startswith("r-") else int(tail)


def mailbox_options(**changes: object) -> Options:
    """Two mailboxes."""
    return Options.model_validate({"port": 0, "parties": [PARTY, OTHER]} | changes)


ENTRANCE: Final = entrance_of(
    Credential(digest(TOKEN), PARTY),
    Credential(digest(OTHER_TOKEN), OTHER),
    Credential(digest(SENDING_TOKEN), PARTY, frozenset({Scope.SEND, Scope.TRACE})),
)
"""Two may collect, one may not."""


def client_of(
    store: Store, now: Callable[[], datetime] = lambda: AT, **changes: object
) -> httpx.AsyncClient:
    """A town hall that calls the application without a server between."""
    stop = threading.Event()
    app = create_app(mailbox_options(**changes), store, ENTRANCE, now, time.monotonic, stop)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(SafeHeaders(app)),
        base_url="http://mailbox.invalid",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )


@contextmanager
def a_running_mailbox(
    store: Store, now: Callable[[], datetime] = lambda: AT, **changes: object
) -> Iterator[tuple[int, threading.Event]]:
    """A real server on a free port of this machine; hands out the port and what stops it."""
    stop, opened = threading.Event(), threading.Event()
    ports: list[int] = []

    def ready(port: int) -> None:
        ports.append(port)
        opened.set()

    options = mailbox_options(**changes)
    app = create_app(options, store, ENTRANCE, now, time.monotonic, stop)
    thread = threading.Thread(target=serve, args=(app, options, stop, ready))
    thread.start()
    try:
        assert opened.wait(20), "the mailbox did not open"
        yield ports[0], stop
    finally:
        stop.set()
        thread.join(40)
        assert not thread.is_alive(), "the mailbox did not close"
