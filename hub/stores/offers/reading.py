"""Opens the database for readers who never keep a writer waiting, nor write."""

import sqlite3

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_S = 5
"""How long one statement waits, in seconds."""
_POSTGRES = {
    "connect_timeout": BUSY_S,
    "tcp_user_timeout": 15_000,
    "options": f"-c lock_timeout={BUSY_S}s -c statement_timeout=15s",
}
_SQLITE_PRAGMAS = (f"PRAGMA busy_timeout = {BUSY_S * 1000}", "PRAGMA query_only = ON")


def open_for_reading(url: str) -> Engine:
    """An engine whose transactions each see the database as it was at one moment."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
            connect_args=_POSTGRES,
        )
    engine = create_engine(address, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # else the driver begins late
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine
