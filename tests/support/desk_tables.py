"""A party's desk on a real database, beside a hub in this process that answers when told to."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url

from connectors.backoffice.sink import BackOffice, Beside
from connectors.backoffice.upgrade import upgrade as upgrade_inbox
from connectors.base import Delivered
from connectors.sql.database import open_database
from connectors.sql_outbox.options import Options
from connectors.sql_outbox.source import SqlOutboxSource
from hub.casework.desk import Wanted
from hub.casework.progress import Here
from hub.casework.speaking import SYSTEM
from hub.casework.views import View
from hub.stores.casework.beginning import begin
from hub.stores.casework.sql_desk import SqlDesk
from hub.stores.casework.taking import take
from hub.stores.casework.upgrade import upgrade
from schemas.codec import Record
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import DELIVERY_PREFIX
from tests.support.builders import KFB, NOW, a_referral
from tests.support.desks_in_memory import Hub


class DeskTables:
    """The desk's database; closed at the end of `with`."""

    def __init__(self, url: str, party: str, hub: Hub) -> None:
        """Make the tables, and the desk on them."""
        upgrade_inbox(url)
        upgrade(url)
        self.url = url
        self.hub = hub
        self.here = Here(party, hub.parties)
        begin(url, self.here, NOW)
        self.desk = SqlDesk(url, self.here)
        self.engine: Engine = create_engine(make_url(url).set(drivername=_driver(url)))
        self._delivered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.close()
        self.engine.dispose()

    @contextmanager
    def sink(self, beside: Beside | None = None) -> Iterator[BackOffice]:
        """What brings deliveries into the tables."""

        def usual(connection: Connection, fresh: Any) -> None:  # noqa: ANN401 - rows
            take(connection, fresh, self.here, NOW)

        sink = BackOffice(open_database(self.url), lambda: NOW, beside or usual)
        with closing(sink):
            yield sink

    def waiting(self) -> list[Delivered]:
        """What the hub has written to the party and nobody has delivered."""
        written = self.hub.written[self.here.party]
        return [self._at(n, written[n]) for n in range(self._delivered, len(written))]

    def deliver(self) -> None:
        """Bring all that waits into the tables."""
        deliveries = self.waiting()
        with self.sink() as sink:
            sink.write(deliveries)
        self._delivered += len(deliveries)

    def put(self, record: Record) -> None:
        """Put a record onto the party's topic by hand."""
        self.hub.written[self.here.party].append(record)

    def outgoing(self) -> list[Event[Data]]:
        """What waits in the outbox, as the outbox's own door reads it; it goes on waiting."""
        with closing(self._source()) as source:
            batch = source.read()
            return [] if batch is None else [*batch.events]

    def publish(self) -> list[Event[Data]]:
        """Take what waits in the outbox out of it; the hub has not seen it yet."""
        with closing(self._source()) as source:
            batch = source.read()
            if batch is None:
                return []
            batch.acknowledge()
            return [*batch.events]

    def send(self, at: datetime = NOW) -> None:
        """Bring what waits in the outbox to the hub, which takes it at this time."""
        for event in self.publish():
            self.hub.take(event, at)

    def listed(self, view: View = View.ALL, clerk: str = "anna", now: datetime = NOW) -> list[str]:
        """The numbers of a view's cases, in their order."""
        page = self.desk.cases(Wanted(view, clerk, per_page=1000), now)
        return [file.case for file in page.cases]

    def count(self, query: str) -> int:
        """One number, asked without our code."""
        with self.engine.connect() as connection:
            number: int = connection.execute(text(query)).scalar_one()
            return number

    def _source(self) -> SqlOutboxSource:
        told = {"database": self.url, "party": self.here.party, "system": SYSTEM, "poll_ms": 1}
        return SqlOutboxSource(Options.model_validate(told), lambda: NOW)

    def _at(self, offset: int, record: Record) -> Delivered:
        party = self.here.party
        return Delivered(party, DELIVERY_PREFIX + party, 0, offset, 0, record)


def asked(desk_of: "DeskOf", case: str = "case-1", **changes: object) -> DeskTables:
    """KfB's desk after a referral came in."""
    kfb = desk_of(KFB)
    kfb.hub.take(a_referral(on=case, **changes), NOW)
    kfb.deliver()
    return kfb


def _driver(url: str) -> str:
    return "postgresql+psycopg" if url.startswith("postgresql") else "sqlite"


DeskOf = Callable[[str], DeskTables]
"""Opens the desk of a party, on one hub that all share."""
