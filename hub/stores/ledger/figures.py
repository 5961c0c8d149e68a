"""What a report counts, as streams of lines: a few thousand are held at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select

from hub.stores.ledger.reading import COLUMNS, PLACE, SAID, SAME_LINE
from hub.stores.ledger.tables import ledger, written
from hub.trail.handover import ENDING
from hub.trail.line import COUNT, HANDOVER_OPENED, REQUEST, Line, Written
from schemas.events.ledger_recorded import HandoverState
from schemas.vocabulary import Verdict

AT_A_TIME: Final = 5000
COUNTS: Final = ledger.c.verdict.in_(sorted(COUNT))


def referrals(connection: Connection, first: datetime, until: datetime) -> Iterator[Line]:
    """The lines of every case with a referral sent in this time, case by case, in order."""
    asked = select(ledger.c.subject).where(
        ledger.c.event_type == REQUEST, COUNTS, *_between(ledger.c.sent_at, first, until)
    )
    is_step = (ledger.c.event_type == REQUEST) | ledger.c.status.is_not(None)
    query = select(*COLUMNS).where(ledger.c.subject.in_(asked), COUNTS, is_step)
    return _stream(connection, query.order_by(ledger.c.subject, *PLACE))


def refused(connection: Connection, first: datetime, until: datetime) -> Iterator[Line]:
    """The lines of the events refused in this time."""
    is_refused = ledger.c.verdict == Verdict.REFUSED.value
    in_time = _between(ledger.c.received_at, first, until)
    return _stream(connection, select(*COLUMNS).where(is_refused, *in_time))


def handovers(connection: Connection, first: datetime, until: datetime) -> Iterator[Line]:
    """The lines that open and end the hand-overs opened in this time, case by case, in order."""
    opened = (
        select(ledger.c.subject)
        .join_from(written, ledger, SAME_LINE)
        .where(
            written.c.event_type == HANDOVER_OPENED,
            *_between(written.c.received_at, first, until),
        )
    )
    query = (
        select(*COLUMNS, *SAID)
        .join_from(ledger, written, SAME_LINE)
        .where(
            ledger.c.subject.in_(opened),
            COUNTS,
            (written.c.event_type == HANDOVER_OPENED)
            | ledger.c.event_type.in_(sorted(ENDING))
            | (ledger.c.handover == HandoverState.ENDED.value),
        )
        .order_by(ledger.c.subject, *PLACE, written.c.number)
    )
    for row in _rows(connection, query):
        notice = Written(*row[len(COLUMNS) :])
        yield Line._make((*row[: len(COLUMNS)], (notice,)))


def _between(column: Any, first: datetime, until: datetime) -> tuple[Any, Any]:  # noqa: ANN401
    return column >= first, column < until


def _stream(connection: Connection, query: Select[Any]) -> Iterator[Line]:
    for row in _rows(connection, query):
        yield Line._make((*row, ()))


def _rows(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    if connection.dialect.name == "postgresql":  # what may take minutes is not a fault here
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    found = connection.execute(query, execution_options={"yield_per": AT_A_TIME})
    for rows in found.partitions():
        yield from rows
