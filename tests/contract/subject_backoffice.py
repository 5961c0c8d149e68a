"""The back office's tables as the outside system of a sink."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from connectors.backoffice.sink import BackOffice
from connectors.backoffice.upgrade import upgrade
from connectors.base import Sink
from connectors.sql.database import open_database
from tests.support.deliveries import AT
from tests.support.postgres import Postgres

KEPT: Final = (
    "SELECT topic_offset FROM inbox WHERE party = 'kfb'"
    " UNION ALL SELECT topic_offset FROM receipts WHERE party = 'kfb'"
    " UNION ALL SELECT topic_offset FROM faulty WHERE party = 'kfb' ORDER BY 1"
)


class InboxTables:
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


class OnSqlite(InboxTables):
    """The back office on SQLite."""

    @contextmanager
    def away(self) -> Iterator[None]:
        """Somebody holds the file's lock for longer than anybody waits."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            yield
            connection.rollback()


class OnPostgres(InboxTables):
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
