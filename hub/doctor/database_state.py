"""How far a database is behind the newest tables of its stores."""

from collections.abc import Sequence
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from connectors.sql.database import answering, open_database
from connectors.sql.upgrade import Steps


def pending_steps(url: str, kept: Sequence[Steps]) -> int:
    """How many steps of these stores it has not seen; raises Later when it does not answer.

    An SQLite file that is not there is not made by being looked at.
    """
    return sum(_pending(url, store) for store in kept)


def _pending(url: str, store: Steps) -> int:
    steps = ScriptDirectory.from_config(store.config())
    return sum(1 for _ in steps.iterate_revisions("head", _revision(url, store.version_table)))


def is_there(url: str) -> bool:
    """Whether there is anything to ask: an SQLite file may not have been made yet."""
    address = make_url(url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def _revision(url: str, version_table: str) -> str | None:
    if not is_there(url):
        return None
    engine = open_database(url)
    try:
        with answering(), engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": version_table})
            return context.get_current_revision()
    finally:
        engine.dispose()
