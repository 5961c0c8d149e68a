"""What a statement needs of one party's day."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select

from hub.stores.ledger.reading import PLACE
from hub.stores.ledger.tables import ledger, written
from hub.trail.gaps import Numbers, numbers
from hub.trail.statement import Recorded


def written_to(
    connection: Connection, party: str, first: datetime, until: datetime
) -> Iterator[Recorded]:
    """What was written to the party because of what came in in this time."""
    query = select(written.c.received_at, written.c.event_id).where(
        written.c.party == party, written.c.received_at >= first, written.c.received_at < until
    )
    for at, event_id in connection.execute(query):
        yield Recorded(at, event_id)


def numbers_of(
    connection: Connection, party: str, first: datetime, until: datetime
) -> Iterator[Numbers]:
    """The numbers that each counting system of the party gave what came in in this time."""
    counted = (ledger.c.sender == party, ledger.c.sequence.is_not(None))
    greatest = (
        select(ledger.c.source, func.max(ledger.c.sequence).label("number"))
        .where(*counted, ledger.c.received_at < first)
        .group_by(ledger.c.source)
    )
    before = {row.source: row.number for row in connection.execute(greatest)}
    came: dict[str, list[int]] = {}
    of_day = (ledger.c.received_at >= first, ledger.c.received_at < until)
    query = select(ledger.c.source, ledger.c.sequence).where(*counted, *of_day)
    for source, number in connection.execute(query):
        came.setdefault(source, []).append(number)
    for source, these in sorted(came.items()):
        if found := numbers(source, before.get(source), these):
            yield found


def read_until(connection: Connection) -> datetime | None:
    """When the hub recorded the last line that was read; None before the first."""
    latest = select(ledger.c.recorded_at).order_by(*(column.desc() for column in PLACE))
    return connection.execute(latest.limit(1)).scalar()
