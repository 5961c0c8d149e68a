"""Opens a party's own database; nothing in it is made or changed but the outbox's marks."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url

from connectors.sql import database

BUSY_S: Final = 0.5
"""How long one statement waits for the party's own writers, in seconds."""
SKIPS_LOCKED: Final = frozenset({"postgresql", "mysql", "mariadb", "oracle"})
"""Databases in which a row that somebody else holds can be passed over."""
_POSTGRES: Final = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "options": (
        "-c lock_timeout=500 -c statement_timeout=10s -c datestyle=ISO"
        # a claim that waits for Kafka must not hold back the party's own housekeeping for long
        " -c idle_in_transaction_session_timeout=60s"
    ),
}


def open_database(url: str) -> Engine:
    """An engine that has not connected yet. Its errors never show what stands in the rows."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return create_engine(address, hide_parameters=True, creator=lambda: _sqlite(address))
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        return create_engine(
            address,
            hide_parameters=True,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            connect_args=_POSTGRES,
        )
    return create_engine(address, hide_parameters=True, pool_pre_ping=True)


answering: Final = partial(
    database.answering, "the outbox's database did not answer", "The outbox's database refuses"
)
"""Inside, a database that is away raises Later, and one that refuses raises Broken."""


def _sqlite(address: URL) -> sqlite3.Connection:
    """A connection to a file that is there: somebody else's database is never made."""
    file = Path(address.database or "").absolute().as_uri()
    connection = sqlite3.connect(
        f"{file}?mode=rw", uri=True, timeout=BUSY_S, check_same_thread=False
    )
    # What is not UTF-8 is one row's fault, and must not keep the others from being read.
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    return connection
