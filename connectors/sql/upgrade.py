"""Brings a database to the newest tables of a store."""

from dataclasses import dataclass
from typing import Final

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text

from connectors.sql.database import answering, open_database

ONE_AT_A_TIME: Final = 6432_0064
"""PostgreSQL's advisory lock that an upgrade holds; SQLite locks the whole file by itself."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that lead to a store's tables; stores may lie beside each other in a database."""

    migrations: str
    """Where they lie: `<package>:migrations`."""
    version_table: str
    """Where alembic notes which of them the database has seen."""

    def upgrade(self, url: str) -> None:
        """Run the steps that the database has not seen; nothing to do is no fault.

        One transaction: all steps or none, and of several that start at once one runs them and
        the others wait. Raises Later when the database is away.
        """
        engine = open_database(url)
        try:
            with answering(), engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    lock = text("SELECT pg_advisory_xact_lock(:key)")
                    connection.execute(lock, {"key": ONE_AT_A_TIME})
                command.upgrade(self.config(connection), "head")
        finally:
            engine.dispose()

    def config(self, connection: Connection | None = None) -> Config:
        """Alembic's configuration, for this connection or to read the steps only."""
        attributes = {"connection": connection, "version_table": self.version_table}
        settings = Config(attributes=attributes)
        settings.set_main_option("script_location", self.migrations)
        settings.set_main_option("path_separator", "os")
        return settings


def run(tables: MetaData) -> None:
    """What a store's `migrations/env.py` does: run the steps on the connection handed in."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=tables,
        version_table=context.config.attributes["version_table"],
    )
    with context.begin_transaction():
        context.run_migrations()
