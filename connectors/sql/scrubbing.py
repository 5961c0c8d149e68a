"""Leaves nothing of what was erased in a database's own files, as far as SQL can see to it."""

from collections.abc import Sequence
from contextlib import closing

import structlog
from sqlalchemy import Engine, Table
from sqlalchemy.exc import DBAPIError

from connectors.sql.database import answering

log = structlog.get_logger()


def scrub(engine: Engine, tables: Sequence[Table]) -> None:
    """Overwrite what these tables held before; raises Later when the database is away.

    SQLite overwrites what is deleted (`secure_delete`), and its log is emptied here. PostgreSQL
    keeps old rows in the pages: the tables are written anew, which waits for who uses them. Its
    own log repeats what was there: with `wal_recycle = off` a user who may switch it and make a
    checkpoint (`hub/deployment/databases.sh`) has it removed, else it goes when the server likes.
    """
    with answering():
        if engine.dialect.name == "sqlite":
            with closing(engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in tables:
                connection.exec_driver_sql(f'VACUUM FULL "{table.name}"')
            try:
                connection.exec_driver_sql("SELECT pg_switch_wal()")
                connection.exec_driver_sql("CHECKPOINT")
            except DBAPIError as error:
                log.warning("log_of_the_database_stays", why=type(error.orig).__name__)
