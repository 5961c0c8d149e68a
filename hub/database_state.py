"""How far the inbox's database is behind the newest tables."""

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from connectors.backoffice.upgrade import STEPS
from connectors.sql.database import answering, open_database


def pending_steps(url: str) -> int:
    """How many migrations it has not seen; raises Later when it does not answer.

    An SQLite file that is not there is not made by being looked at.
    """
    steps = ScriptDirectory.from_config(STEPS.config())
    return sum(1 for _ in steps.iterate_revisions("head", _revision(url)))


def _revision(url: str) -> str | None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return None
    engine = open_database(url)
    try:
        with answering(), engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"version_table": STEPS.version_table}
            )
            return context.get_current_revision()
    finally:
        engine.dispose()
