"""The record of who came in."""

from collections.abc import Sequence

from sqlalchemy import Engine, select

from connectors.sql.database import answering
from hub.access.record import Entry
from hub.stores.accounts.noting import Noting
from hub.stores.accounts.rows import entry_of
from hub.stores.accounts.tables import record


class SqlRecord:
    """`hub.access.keeping.Record` in a database."""

    def __init__(self, engine: Engine, reader: Engine, noting: Noting) -> None:
        """Add through `engine`, read through `reader`."""
        self._engine = engine
        self._reader = reader
        self._note = noting.note

    def add(self, entry: Entry) -> None:
        """One line more."""
        with answering(), self._engine.begin() as connection:
            self._note(connection, entry)

    def latest(self, most: int, before: int | None = None) -> Sequence[tuple[int, Entry]]:
        """So many lines with their numbers, the newest first; `before`: older than this number."""
        query = select(record).order_by(record.c.number.desc()).limit(most)
        if before is not None:
            query = query.where(record.c.number < before)
        with answering(), self._reader.begin() as connection:
            return [(row.number, entry_of(row)) for row in connection.execute(query)]
