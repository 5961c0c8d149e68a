"""Brings a database to the newest tables of a desk."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from connectors.backoffice.database import answering, open_database

MIGRATIONS = "hub.stores.casework:migrations"
VERSION_TABLE = "desk_version"
"""Where alembic notes which steps the database has seen."""
ONE_AT_A_TIME = 6432_0067
"""PostgreSQL's advisory lock that an upgrade holds; SQLite locks the whole file by itself."""


def upgrade(url: str) -> None:
    """Run the steps that the database has not seen; nothing to do is no fault.

    One transaction: all steps or none, and of several that start at once one runs them and the
    others wait. Raises Later when the database is away.
    """
    engine = open_database(url)
    try:
        with answering(), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                lock = text("SELECT pg_advisory_xact_lock(:key)")
                connection.execute(lock, {"key": ONE_AT_A_TIME})
            command.upgrade(config(connection), "head")
    finally:
        engine.dispose()


def config(connection: Connection) -> Config:
    """Alembic's configuration for this connection."""
    settings = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    settings.set_main_option("script_location", MIGRATIONS)
    settings.set_main_option("path_separator", "os")
    return settings
