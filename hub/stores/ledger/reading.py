"""Opens the ledger's tables to be read."""

from pathlib import Path
from typing import Final

from sqlalchemy import Engine, Table, inspect
from sqlalchemy.engine import make_url

from connectors.sql.database import answering
from hub.errors import HubError
from hub.stores.ledger.tables import ledger, written
from hub.stores.offers.reading import open_for_reading
from hub.trail.line import Line, Written

COLUMNS: Final = tuple(ledger.c[name] for name in Line._fields if name != "written")
"""What a `Line` is made of, in its order."""
PLACE: Final = (ledger.c.line_partition, ledger.c.line_offset)
REMEDY: Final = "Let it be read from Kafka: hub connect ledger"
SAID: Final = tuple(written.c[name] for name in Written._fields)
"""What a `Written` is made of."""
SAME_LINE: Final = (ledger.c.line_partition == written.c.line_partition) & (
    ledger.c.line_offset == written.c.line_offset
)


class NoLedger(HubError):
    """The ledger's tables are not there yet."""


def open_ledger(url: str) -> Engine:
    """An engine to read the ledger's tables; raises NoLedger, and Later when they are away."""
    engine = open_existing(url, ledger)
    if engine is None:
        raise NoLedger(remedy=REMEDY)
    return engine


def open_existing(url: str, table: Table) -> Engine | None:
    """An engine whose readers neither wait for the writer nor hold it up; None without the table.

    Raises Later when the database is away.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return None
    engine = open_for_reading(url)
    with answering():
        if inspect(engine).has_table(table.name):
            return engine
    engine.dispose()
    return None
