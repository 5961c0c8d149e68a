"""When each party sent, as the ledger's tables know it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from hub.stores.ledger.figures import AT_A_TIME
from hub.stores.ledger.tables import ledger


def sent_since(connection: Connection, first: datetime) -> Iterator[tuple[str, datetime]]:
    """Who sent something that came in from this moment on, and when; refused or not."""
    query = select(ledger.c.sender, ledger.c.received_at).where(
        ledger.c.sender.is_not(None), ledger.c.received_at >= first
    )
    found = connection.execute(query, execution_options={"yield_per": AT_A_TIME})
    for rows in found.partitions():
        yield from ((sender, at) for sender, at in rows)
