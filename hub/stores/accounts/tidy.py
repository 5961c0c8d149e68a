"""Forgets what is over for long."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete

from connectors.sql.database import answering
from hub.access.pauses import PER_ADDRESS, PER_NAME
from hub.access.sessions import REMEMBERED
from hub.stores.accounts.tables import failures, flows, marks, record, sessions

RECORD_KEPT: Final = timedelta(days=400)
"""As long as the ledger's lines; the table itself refuses to lose younger ones."""


def tidy(engine: Engine, now: datetime) -> None:
    """Delete what nobody asks for any more; raises Later when the database is away."""
    longest = max(PER_NAME.forgotten_after, PER_ADDRESS.forgotten_after)
    ages = (
        (sessions.c.started_at, REMEMBERED),
        (failures.c.last_at, longest),
        (marks.c.spent_at, REMEMBERED),
        (flows.c.started_at, timedelta(hours=1)),
        (record.c.at, RECORD_KEPT),
    )
    with answering(), engine.begin() as connection:
        for column, age in ages:
            connection.execute(delete(column.table).where(column < now - age))
