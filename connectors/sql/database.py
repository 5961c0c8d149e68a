"""Opens a database, SQLite or PostgreSQL; all that differs stands here."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,  # noqa: A004
)

from connectors.errors import Broken, Later

RETRY_AFTER_S = 2.0
"""How long to leave a database alone that did not answer, in seconds."""
BUSY_S: Final = 5
"""How long one statement waits for another writer, in seconds."""
_OPTIONS: Final = (
    "-c lock_timeout={}s -c statement_timeout=30s"
    # a sink that was frozen in the middle must not keep its successor waiting for ever
    " -c idle_in_transaction_session_timeout=15s"
)


def open_database(url: str, busy_s: int = BUSY_S) -> Engine:
    """An engine that has not connected yet. Its errors never show what was to be written."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address, busy_s)
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": busy_s,
            "tcp_user_timeout": 15_000,
            "options": _OPTIONS.format(busy_s),
        },
    )


def insert_or_ignore(connection: Connection, table: Table) -> Any:  # noqa: ANN401
    """An insert that leaves out the rows whose key is there already."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()


@contextmanager
def answering(
    away: str = "the database did not answer",
    refused: str = "The database refuses what is to be written",
) -> Iterator[None]:
    """Inside, a database that is away raises Later, and one that refuses raises Broken.

    What they say is given, and the kind of error stands behind it in brackets.
    The database's own words are not passed on: they may quote the rows.
    """
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, TimeoutError) as error:
        raise Later(RETRY_AFTER_S, f"{away} ({_name(error)})") from None
    except SQLAlchemyError as error:
        raise Broken(f"{refused} ({_name(error)}).") from None


def _name(error: SQLAlchemyError) -> str:
    return type(getattr(error, "orig", None) or error).__name__


def _open_sqlite(address: URL, busy_s: int) -> Engine:
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.isolation_level = None  # else the driver begins late, and not before DDL
        connection.execute(f"PRAGMA busy_timeout = {busy_s * 1000}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
        # The mode is the file's. The switch does not wait: who holds the file now makes it.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads before it writes cannot wait for another writer.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
