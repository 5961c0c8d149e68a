"""Whether somebody takes what waits in a party's outbox."""

import time
from contextlib import closing
from typing import Final

from sqlalchemy.exc import ArgumentError

from connectors.errors import Later
from connectors.sql_outbox.claim import Outbox
from connectors.sql_outbox.database import open_database
from connectors.sql_outbox.options import Options
from hub.doctor.check import Check, Health
from hub.settings import Settings

PART: Final = "sql_outbox"
PATIENCE_S: Final = 5.0
"""So long the same row may be the first that waits."""
LOOK_S: Final = 0.2
START: Final = "Start it: hub connect sql_outbox; if it runs, see its log."


def outbox(settings: Settings, patience_s: float = PATIENCE_S) -> Check:
    """Whether the table is there and its first row moves on; looks, and takes nothing."""
    options = settings.sql_outbox
    if options.database is None or options.party is None:
        remedy = "Name database and party: hub connect sql_outbox needs both."
        return Check(PART, Health.FAIL, "sql_outbox.party is not set", remedy)
    try:
        return _looked(options, options.database.get_secret_value(), patience_s)
    except Later as away:
        return Check(PART, Health.FAIL, away.why, "Start the database, or correct the settings.")
    except (ArgumentError, ImportError) as error:
        remedy = "Write it as SQLAlchemy names it, and install the driver it needs."
        found = f"sql_outbox.database: {type(error).__name__}"
        return Check(PART, Health.FAIL, found, remedy)


def _looked(options: Options, url: str, patience_s: float) -> Check:
    until = time.monotonic() + patience_s
    with closing(Outbox(open_database(url), options)) as table:
        first = table.first()
        while first is not None and time.monotonic() < until:
            time.sleep(LOOK_S)
            if table.first() != first:
                return Check(PART, Health.OK, "takes rows")
    if first is None:
        return Check(PART, Health.OK, "nothing waits")
    return Check(PART, Health.WARN, "rows wait and nobody takes them", START)
