"""One change of a desk: its cases read, changed and kept in a transaction that nobody shares."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from connectors.errors import Broken
from hub.casework.delivering import Kept
from hub.casework.refusals import CaseNotHere
from hub.stores.casework import rows
from hub.stores.casework.recording import record
from hub.stores.casework.tables import case_files, desk

AT_A_TIME: Final = 500
"""How many cases are asked for in one statement."""


class Unit:
    """What may be done with the cases of a desk while nobody else changes it.

    Changes are numbered in the order in which they are kept: the number is a case's version.
    """

    def __init__(self, connection: Connection, party: str, now: datetime) -> None:
        """Wait until nobody else changes this party's desk; `now` dates the changes."""
        self.connection = connection
        self.now = now
        self._party = party
        self._number = self._hold()
        self._changed: dict[str, Kept] = {}

    def case(self, case: str) -> Kept:
        """The case as it stands; raises CaseNotHere."""
        found = self.cases([case])
        if not found:
            raise CaseNotHere
        return found[case]

    def cases(self, wanted: Collection[str]) -> dict[str, Kept]:
        """Those of these cases that are here, as they stand."""
        found = {case: self._changed[case] for case in wanted if case in self._changed}
        missing = [case for case in wanted if case not in found]
        for first in range(0, len(missing), AT_A_TIME):
            part = missing[first : first + AT_A_TIME]
            query = select(*rows.COLUMNS, case_files.c.course)
            these = self.connection.execute(query.where(case_files.c.case_id.in_(part)))
            for row in these.mappings():
                kept = rows.kept_of(row)
                found[kept.file.case] = kept
        return found

    def keep(self, kept: Kept, *, matters: bool = True) -> Kept:
        """Keep the case, under a new version where that matters; returns it as it is kept."""
        if matters:
            self._number += 1
            file = replace(kept.file, version=self._number, changed_at=self.now)
            kept = Kept(file, kept.course)
        self._changed[kept.file.case] = kept
        return kept

    def record(self, case: str, clerk: str, what: str, event_id: str | None = None) -> None:
        """Record what a clerk did."""
        record(self.connection, self.now, case, clerk, what, event_id)

    def finish(self) -> None:
        """Write down what was kept."""
        if not self._changed:
            return
        changed = [rows.values(kept) for kept in self._changed.values()]
        self.connection.execute(_upsert(self.connection, case_files), changed)
        this = update(desk).where(desk.c.party == self._party)
        self.connection.execute(this.values(changes=self._number))

    def _hold(self) -> int:
        hold = update(desk).where(desk.c.party == self._party).values(changes=desk.c.changes)
        number = self.connection.execute(hold.returning(desk.c.changes)).scalar_one_or_none()
        if number is None:
            raise Broken("The database is not this party's desk.")
        return int(number)


@contextmanager
def changing(connection: Connection, party: str, now: datetime) -> Iterator[Unit]:
    """A unit whose changes are written at the end of the block; the transaction is the caller's."""
    unit = Unit(connection, party, now)
    yield unit
    unit.finish()


def _upsert(connection: Connection, table: Table) -> Any:  # noqa: ANN401 - two dialects' inserts
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    new = dialect.insert(table)
    key = [*table.primary_key.columns]
    rest = {column.name: new.excluded[column.name] for column in table.columns if column not in key}
    return new.on_conflict_do_update(index_elements=key, set_=rest)
