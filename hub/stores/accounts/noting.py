"""Adds lines to the record, in the transaction of what they tell of."""

from sqlalchemy import Connection, insert, select

from hub.access.keeping import Beside
from hub.access.record import Entry
from hub.stores.accounts.tables import accounts, record


class Noting:
    """Writes a line down here, and then wherever else it is to stand, or nothing of all."""

    def __init__(self, beside: Beside | None) -> None:
        """`beside` is told each line, last in its transaction: what it raises undoes the rest."""
        self._beside = beside

    def note(self, connection: Connection, entry: Entry) -> None:
        """One line more."""
        said = entry._asdict() | {"what": entry.what.value}
        connection.execute(insert(record), said)
        if self._beside is not None:
            role = select(accounts.c.role).where(accounts.c.id == (entry.by or entry.clerk))
            self._beside(entry, connection.execute(role).scalar_one_or_none() or "")
