"""Where deliveries wait for their receiver: one SQLite file, for the sink and for the senders."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from connectors.errors import Broken, Later

RETRY_AFTER_S: Final = 2.0
"""How long to leave a file alone that did not answer, in seconds."""
BUSY_S: Final = 2.0
"""How long one statement waits for another writer, in seconds."""
VERSION: Final = 1
"""Counts up when the tables change."""
TABLES: Final = (
    """\
CREATE TABLE outgoing (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    party TEXT NOT NULL,
    message_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    body BLOB, -- NULL when delivered
    topic TEXT NOT NULL,
    topic_partition INTEGER NOT NULL,
    topic_offset INTEGER NOT NULL,
    stored_at REAL NOT NULL, -- seconds since 1970, as all times here
    due_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    delivered_at REAL,
    UNIQUE (party, message_id)
)""",
    "CREATE INDEX outgoing_case ON outgoing (party, subject, number) WHERE delivered_at IS NULL",
    "CREATE INDEX outgoing_due ON outgoing (party, due_at, number) WHERE delivered_at IS NULL",
    "CREATE INDEX outgoing_done ON outgoing (delivered_at) WHERE delivered_at IS NOT NULL",
    """\
CREATE TABLE faulty (
    party TEXT NOT NULL,
    topic TEXT NOT NULL,
    topic_partition INTEGER NOT NULL,
    topic_offset INTEGER NOT NULL,
    problems TEXT NOT NULL,
    record BLOB NOT NULL,
    stored_at REAL NOT NULL,
    PRIMARY KEY (party, topic, topic_partition, topic_offset)
)""",
    """\
CREATE TABLE positions (
    party TEXT NOT NULL,
    topic TEXT NOT NULL,
    topic_partition INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY (party, topic, topic_partition)
)""",
    "CREATE TABLE gone (party TEXT PRIMARY KEY, address TEXT NOT NULL, since REAL NOT NULL)",
)


class Store:
    """One connection to the file; used from one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open it at the first use, and make it if it is not there."""
        self._path = path
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all that is done inside the block, or nothing.

        Raises Later when somebody else holds the file or the disk is full. The database's own
        words are not passed on: they may quote the rows.
        """
        with _answering():
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For a single query; raises as `writing`."""
        with _answering():
            yield self._opened()

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            try:
                _make_tables(connection)
            except BaseException:
                connection.close()
                raise
            connection.execute("PRAGMA secure_delete = ON")  # what was delivered is overwritten
            connection.row_factory = sqlite3.Row
            self._connection = connection
        return self._connection


def _make_tables(connection: sqlite3.Connection) -> None:
    # The mode is the file's. The switch does not wait: who holds the file now makes it.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    if _version(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    if _version(connection) == 0:
        for statement in TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
    if _version(connection) != VERSION:
        raise Broken("The webhook's store is not of this version.")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        why = f"the webhook's store did not answer ({type(error).__name__})"
        raise Later(RETRY_AFTER_S, why) from None
    except sqlite3.Error as error:
        raise Broken(f"The webhook's store refuses ({type(error).__name__}).") from None
