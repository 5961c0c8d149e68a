"""Puts deliveries into the mailboxes and notes how far they were read, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, delete, select, update

from connectors.base import Delivered
from connectors.errors import Broken
from connectors.mailbox.mapping import Row, rows_of
from connectors.mailbox.tables import faulty, items, positions
from connectors.sql.database import answering, insert_or_ignore
from schemas.events.subject_erased import SubjectErased

log = structlog.get_logger()


class Place(NamedTuple):
    """A partition of a party's topic."""

    party: str
    topic: str
    topic_partition: int


class Mailboxes:
    """A sink for any number of parties in one database.

    What it promises: a delivery and the offset behind it are kept together or not at all, a
    delivery handed in again changes nothing, and of two that write for the same party at once
    each delivery is kept by one of them.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        """Write through `engine`, which is closed with the sink; `now` dates the items."""
        self._engine = engine
        self._now = now
        self._known: dict[Place, int] = {}

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """The next offset to read for each (topic, partition) the database knows."""
        query = select(positions).where(positions.c.topic.in_(topics))
        with answering(), self._engine.begin() as connection:
            rows = connection.execute(query).all()
        self._known = {Place(r.party, r.topic, r.topic_partition): r.next_offset for r in rows}
        return {(place.topic, place.topic_partition): at for place, at in self._known.items()}

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
                at = self._held(connection, place)
                fresh += [one for one in by_place[place] if one.offset >= at]
                moved[place] = max(at, max(one.offset for one in by_place[place]) + 1)
                _move(connection, place, moved[place])
            self._keep(connection, fresh)
        self._known |= moved

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _held(self, connection: Connection, place: Place) -> int:
        """Where the place stands; nobody else moves it until the transaction is over."""
        row = {**place._asdict(), "next_offset": 0}
        connection.execute(insert_or_ignore(connection, positions).values(row))
        query = select(positions.c.next_offset).where(_here(place)).with_for_update()
        at = int(connection.execute(query).scalar_one())
        known = self._known.get(place, 0)
        if at < known:
            raise Broken(
                f"{place.topic}[{place.topic_partition}] was kept up to {known}, but the database"
                f" says {at}: it is not the one that was written to"
            )
        return at

    def _keep(self, connection: Connection, deliveries: Sequence[Delivered]) -> None:
        rows = rows_of(deliveries, self._now())
        repeated = _insert(connection, items, rows.items)
        _insert(connection, faulty, rows.faulty)
        for row in rows.items:
            if row["type"] == SubjectErased.wire_type():
                _erase(connection, row)
        for row in rows.faulty:
            place = {name: row[name] for name in ("topic", "topic_partition", "topic_offset")}
            log.error("delivery_unreadable", problems=row["problems"], **place)
        if repeated:
            log.warning("deliveries_repeated", deliveries=repeated)


def _here(place: Place) -> ColumnElement[bool]:
    return and_(*(positions.c[name] == value for name, value in place._asdict().items()))


def _move(connection: Connection, place: Place, to: int) -> None:
    connection.execute(update(positions).where(_here(place)).values(next_offset=to))


def _erase(connection: Connection, told: Row) -> None:
    """The content of a case was erased at the hub: what lies here of it goes, the notice stays."""
    party, subject = told["party"], told["subject"]
    of_case = (items.c.party == party) & (items.c.subject == subject)
    others = update(items).where(of_case, items.c.type != told["type"], items.c.body.is_not(None))
    connection.execute(
        others.values(body=None, expired_at=told["received_at"], noticed_at=told["received_at"])
    )
    unread = (faulty.c.party == party) & (faulty.c.record_key == subject.encode())
    connection.execute(delete(faulty).where(unread))


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> int:
    """Keep the rows whose key is new; returns how many were there already."""
    if not rows:
        return 0
    key = list(table.primary_key.columns)
    new = connection.execute(insert_or_ignore(connection, table).returning(*key), rows).all()
    return len(rows) - len(new)
