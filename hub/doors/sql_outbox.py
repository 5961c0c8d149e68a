"""The door for events that a party's system writes into its own database."""

import threading
from datetime import UTC, datetime

from hub.doors.asked import known
from hub.doors.carrying import publisher
from hub.errors import ConfigError
from hub.settings import Settings


def sql_outbox(settings: Settings, stop: threading.Event) -> None:
    """Hand in the rows of an outbox table; raises ConfigError."""
    from sqlalchemy.exc import ArgumentError

    from connectors.runner.source_loop import run_source
    from connectors.sql_outbox.source import SqlOutboxSource

    options = settings.sql_outbox
    if options.database is None or options.party is None:
        remedy = "Name both: --set sql_outbox.party=06432005, and the database by its variable."
        where = "sql_outbox.database and party"
        raise ConfigError("There is no outbox to read.", where=where, remedy=remedy)
    known(settings, (options.party,), "sql_outbox.party")
    try:
        source = SqlOutboxSource(options, lambda: datetime.now(UTC))
    except (ArgumentError, ImportError) as error:
        remedy = "Write it as SQLAlchemy names it, and install the driver it needs."
        where = "sql_outbox.database"
        raise ConfigError("It cannot be opened.", where=where, remedy=remedy) from error
    with publisher(settings, "sql_outbox", [options.party]) as publish:
        run_source(source, publish, stop)
