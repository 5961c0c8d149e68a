"""How far a database is behind the newest tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from connectors.backoffice.upgrade import STEPS as OF_INBOX
from connectors.sql.database import answering, open_database
from connectors.sql.upgrade import Steps
from hub.stores.accounts.upgrade import STEPS as OF_ACCOUNTS
from hub.stores.casework.upgrade import STEPS as OF_DESK
from hub.stores.offers.upgrade import STEPS as OF_OFFERS

INBOX: Final = (OF_INBOX,)
"""What `backoffice` keeps."""
DESK: Final = (OF_INBOX, OF_OFFERS, OF_DESK, OF_ACCOUNTS)
"""What `hub web` keeps."""


def pending_steps(url: str, kept: Sequence[Steps]) -> int:
    """How many migrations of these tables it has not seen; raises Later when it does not answer.

    An SQLite file that is not there is not made by being looked at.
    """
    return sum(_pending(url, steps) for steps in kept)


def _pending(url: str, steps: Steps) -> int:
    revision = _revision(url, steps.version_table)
    scripts = ScriptDirectory.from_config(steps.config())
    return sum(1 for _ in scripts.iterate_revisions("head", revision))


def _revision(url: str, version_table: str) -> str | None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return None
    engine = open_database(url)
    try:
        with answering(), engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": version_table})
            return context.get_current_revision()
    finally:
        engine.dispose()
