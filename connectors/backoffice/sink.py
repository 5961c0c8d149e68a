"""Keeps deliveries and how far they were read in one transaction of the database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

import structlog
from sqlalchemy import Connection, Engine, Table, select

from connectors.backoffice.erasing import erase, erase_unread
from connectors.backoffice.mapping import Row, rows_of
from connectors.backoffice.position import Place, advance
from connectors.backoffice.tables import faulty, inbox, positions, receipts
from connectors.base import Delivered
from connectors.sql.database import answering, insert_or_ignore
from schemas.events.subject_erased import SubjectErased

log = structlog.get_logger()


class Fresh(NamedTuple):
    """A row that is kept for the first time."""

    table: Table
    row: Row


Beside: TypeAlias = Callable[[Connection, Sequence[Fresh]], None]
"""What is done with new rows, in the order of their offsets, in the transaction that keeps them."""


def nothing(_connection: Connection, _fresh: Sequence[Fresh]) -> None:
    """Nothing besides."""


class BackOffice:
    """A sink for any number of parties in one database.

    What it promises: a delivery and the offset behind it are kept together or not at all, a
    delivery handed in again changes nothing, and of two that write for the same party at once
    each delivery is kept by one of them.
    """

    def __init__(
        self, engine: Engine, now: Callable[[], datetime], beside: Beside = nothing
    ) -> None:
        """Write through `engine`, which is closed with the sink; `now` dates the rows.

        What `beside` writes is kept with the rows and the offsets, or nothing of all three.
        """
        self._engine = engine
        self._now = now
        self._beside = beside
        self._known: dict[Place, int] = {}

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """The next offset to read for each (topic, partition) the database knows."""
        query = select(positions).where(positions.c.topic.in_(topics))
        with answering(), self._engine.begin() as connection:
            rows = connection.execute(query).all()
        self._known = {Place(r.party, r.topic, r.topic_partition): r.next_offset for r in rows}
        return {(place.topic, place.partition): at for place, at in self._known.items()}

    def write(self, deliveries: Sequence[Delivered]) -> None:
        """Keep all of them and their offsets, or none; raises Later when the database is away.

        Raises Broken when the database has gone back behind what it had kept: a restored backup.
        """
        by_place: dict[Place, list[Delivered]] = {}
        for delivered in deliveries:
            place = Place(delivered.party, delivered.topic, delivered.partition)
            by_place.setdefault(place, []).append(delivered)
        moved: dict[Place, int] = {}
        with answering(), self._engine.begin() as connection:
            fresh: list[Delivered] = []
            for place in sorted(by_place):  # always in one order: two writers never cross
                offsets = [delivered.offset for delivered in by_place[place]]
                at, moved[place] = advance(connection, place, self._known.get(place), offsets)
                fresh += [one for one in by_place[place] if one.offset >= at]
            self._keep(connection, fresh)
        self._known |= moved

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _keep(self, connection: Connection, deliveries: Sequence[Delivered]) -> None:
        rows = rows_of(deliveries, self._now())
        fresh = _insert(connection, inbox, rows.inbox) + _insert(
            connection, receipts, rows.receipts
        )
        repeated = len(rows.inbox) + len(rows.receipts) - len(fresh)
        fresh += _insert(connection, faulty, rows.faulty)
        for row in rows.faulty:
            place = {name: row[name] for name in ("topic", "topic_partition", "topic_offset")}
            log.error("delivery_unreadable", problems=row["problems"], **place)
        if repeated:
            log.warning("deliveries_repeated", deliveries=repeated)
        for party in sorted({one.row["party"] for one in fresh}):
            if gone := erased_cases(one for one in fresh if one.row["party"] == party):
                erase(connection, party, gone)
                erase_unread(connection, party, gone)
        if fresh:
            self._beside(connection, sorted(fresh, key=_place))


def erased_cases(fresh: Iterable[Fresh]) -> set[str]:
    """The cases whose content was erased at the hub, as these rows tell."""
    return {one.row["subject"] for one in fresh if one.row.get("type") == SubjectErased.TYPE}


def _place(fresh: Fresh) -> tuple[str, int, int]:
    row = fresh.row
    return row["topic"], row["topic_partition"], row["topic_offset"]


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> list[Fresh]:
    """Keep the rows whose key is new; returns those."""
    if not rows:
        return []
    key = [column.name for column in table.primary_key.columns]
    returning = insert_or_ignore(connection, table).returning(*table.primary_key.columns)
    new = {tuple(found) for found in connection.execute(returning, rows)}
    first = {tuple(row[name] for name in key): row for row in reversed(rows)}
    return [Fresh(table, row) for found, row in first.items() if found in new]
