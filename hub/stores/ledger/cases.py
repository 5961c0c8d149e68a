"""The lines of a case, found by its own id, an event's, or that of anything written."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, select, union

from hub.stores.ledger.reading import COLUMNS, PLACE, SAID, SAME_LINE
from hub.stores.ledger.tables import ledger, written
from hub.trail.line import Line, Written

MOST_CASES: Final = 20
"""An event's id is unique only within its source: so many cases are looked at."""
MOST_LINES: Final = 2000
"""A case has its first lines, up to so many."""
MOST_PARTIES: Final = 30
"""As many as a line is written to, on average."""


def cases(connection: Connection, wanted: str) -> list[list[Line]]:
    """The lines, in order, of each case that this id belongs to."""
    query = union(
        select(ledger.c.subject).where(ledger.c.subject == wanted),
        select(ledger.c.subject).where(ledger.c.event_id == wanted),
        select(ledger.c.subject)
        .join_from(written, ledger, SAME_LINE)
        .where(written.c.event_id == wanted),
    )
    subjects = connection.execute(query.limit(MOST_CASES)).scalars().all()
    return [list(_lines(connection, subject)) for subject in sorted(subjects)]


def _lines(connection: Connection, subject: str) -> Iterator[Line]:
    of_case = ledger.c.subject == subject
    rows = connection.execute(
        select(*PLACE, *COLUMNS).where(of_case).order_by(*PLACE).limit(MOST_LINES)
    ).all()
    said: dict[tuple[Any, ...], list[Written]] = {}
    query = (
        select(written.c.line_partition, written.c.line_offset, *SAID)
        .join_from(ledger, written, SAME_LINE)
        .where(of_case)
        .order_by(written.c.line_partition, written.c.line_offset, written.c.number)
        .limit(MOST_LINES * MOST_PARTIES)
    )
    for row in connection.execute(query):
        said.setdefault(tuple(row[:2]), []).append(Written(*row[2:]))
    for row in rows:
        yield Line._make((*row[2:], tuple(said.get(tuple(row[:2]), ()))))
