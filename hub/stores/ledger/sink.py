"""Keeps the ledger's lines and how far it was read in one transaction of the database."""

from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy import Connection, Engine, insert, select

from connectors.base import Delivered
from connectors.sql.database import answering
from hub.stores.ledger.position import Place, advance
from hub.stores.ledger.rows import Row, rows_of
from hub.stores.ledger.tables import ledger, positions, written
from schemas.errors import Unreadable

log = structlog.get_logger()


class LedgerSink:
    """A sink for the topic `ledger`.

    What it promises: a line and the offset behind it are kept together or not at all, a line handed
    in again changes nothing, and of two that write at once each line is kept by one of them.
    """

    def __init__(self, engine: Engine) -> None:
        """Write through `engine`, which is closed with the sink."""
        self._engine = engine
        self._known: dict[Place, int] = {}

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """The next offset to read for each (topic, partition) the database knows."""
        query = select(positions).where(positions.c.topic.in_(topics))
        with answering(), self._engine.begin() as connection:
            rows = connection.execute(query).all()
        self._known = {(row.topic, row.topic_partition): row.next_offset for row in rows}
        return dict(self._known)

    def write(self, deliveries: Sequence[Delivered]) -> None:
        """Keep all of them and their offsets, or none; raises Later when the database is away.

        What is no line of the ledger is logged and left on the topic; lines about probes are left
        there, too. Raises Broken when the database has gone back behind what it had kept.
        """
        by_place: dict[Place, list[Delivered]] = {}
        for delivered in deliveries:
            by_place.setdefault((delivered.topic, delivered.partition), []).append(delivered)
        moved: dict[Place, int] = {}
        with answering(), self._engine.begin() as connection:
            for place in sorted(by_place):  # always in one order: two writers never cross
                offsets = [delivered.offset for delivered in by_place[place]]
                at = advance(connection, place, self._known.get(place, 0), offsets)
                moved[place] = max(at, *(offset + 1 for offset in offsets))
                _keep(connection, [one for one in by_place[place] if one.offset >= at])
        self._known |= moved

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _keep(connection: Connection, deliveries: Sequence[Delivered]) -> None:
    lines: list[Row] = []
    said: list[Row] = []
    for delivered in deliveries:
        try:
            rows = rows_of(delivered)
        except Unreadable as unreadable:
            _complain(delivered, unreadable)
            continue
        if rows is not None:
            lines.append(rows[0])
            said += rows[1]
    if lines:
        connection.execute(insert(ledger), lines)
    if said:
        connection.execute(insert(written), said)


def _complain(delivered: Delivered, unreadable: Unreadable) -> None:
    place = {"partition": delivered.partition, "offset": delivered.offset}
    log.error("ledger_line_unreadable", problems=str(unreadable), **place)
