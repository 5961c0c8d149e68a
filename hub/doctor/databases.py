"""The databases that the settings name: they answer, and have the newest tables."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from typing import Final, NamedTuple

from sqlalchemy.engine import make_url

from connectors.backoffice import upgrade as inbox
from connectors.errors import Later
from connectors.mailbox import upgrade as mailbox
from connectors.sql.upgrade import Steps
from hub.doctor.check import Check, Health, guarded
from hub.doctor.database_state import is_there, pending_steps
from hub.settings import Settings
from hub.stores.accounts import upgrade as accounts
from hub.stores.audit import upgrade as chain
from hub.stores.casework import upgrade as cases
from hub.stores.casework.beginning import whose
from hub.stores.ledger import upgrade as lines
from hub.stores.offers import upgrade as directory
from hub.stores.vault import upgrade as keys
from hub.stores.vault.keys import SqlKeys
from hub.vault import master

DESK: Final = (inbox.STEPS, directory.STEPS, cases.STEPS, accounts.STEPS)
"""What `hub web` keeps."""


class Database(NamedTuple):
    """A database that a connector or the monitor keeps."""

    connector: str
    """Or `monitor`."""
    setting: str
    url: str
    kept: tuple[Steps, ...]
    """What stands in it."""


def of(settings: Settings) -> Iterator[Check]:
    """The database of each sink that the settings ask for, and of the board's accounts."""
    for one in _asked_for(settings):
        yield guarded(f"database {one.connector}", partial(database, one))
    if settings.web.party:
        yield guarded("database web", partial(desk, settings))
    if settings.vault.database.get_secret_value():
        yield guarded("database vault", partial(vault, settings))
    yield guarded("audit", partial(audit, settings))


def _asked_for(settings: Settings) -> Iterator[Database]:
    kept = settings.ledger.database.get_secret_value()
    if is_there(kept):  # the connector's own line says whether anybody keeps it elsewhere
        yield Database("ledger", "ledger.database", kept, (lines.STEPS,))
    if settings.backoffice.parties:
        url = settings.backoffice.database.get_secret_value()
        yield Database("backoffice", "backoffice.database", url, (inbox.STEPS,))
    if settings.mailbox.parties:
        url = settings.mailbox.database.get_secret_value()
        yield Database("mailbox", "mailbox.database", url, (mailbox.STEPS,))
    if (board := settings.monitor.accounts.database) is not None:
        url, setting = board.get_secret_value(), "monitor.accounts.database"
        yield Database("monitor", setting, url, (accounts.STEPS,))
    if settings.hsds.parties:
        url = settings.hsds.database.get_secret_value()
        yield Database("offers", "hsds.database", url, (directory.STEPS,))


def database(one: Database) -> Check:
    """Whether it answers and has the newest tables; never shows its password."""
    part = f"database {one.connector}"
    is_postgres = make_url(one.url).get_backend_name() == "postgresql"
    if is_postgres and find_spec("psycopg") is None:
        remedy = "Install the driver: pip install 'kurze-wege[postgres]'"
        return Check(part, Health.FAIL, "PostgreSQL's driver is not installed", remedy)
    try:
        pending = pending_steps(one.url, one.kept)
    except Later as away:
        return Check(part, Health.FAIL, away.why, f"Start it, or correct {one.setting}.")
    if pending:
        found = f"{pending} steps behind the newest tables"
        return Check(part, Health.WARN, found, f"Start it: {_starts(one.connector)}")
    return Check(part, Health.OK, "answers, and has the newest tables")


def audit(settings: Settings) -> Check:
    """Whether it is written down who sees and changes what; without a database nothing is."""
    url = settings.audit.database.get_secret_value()
    if not url:
        return Check("audit", Health.OK, "none is kept: audit.database is not set")
    found = database(Database("audit", "audit.database", url, (chain.STEPS,)))
    if found.health is Health.WARN:
        found = found._replace(remedy="Bring them up to date: hub audit head")
    return found._replace(part="audit")


def _starts(part: str) -> str:
    own = {"monitor": "hub monitor", "vault": "hub worker"}
    return own.get(part, f"hub connect {part}")


def desk(settings: Settings) -> Check:
    """Whether the back office's database answers, is this party's, and has the newest tables."""
    party, url = settings.web.party, settings.web.database.get_secret_value()
    found = database(Database("web", "web.database", url, DESK))
    if found.health is Health.OK and (other := whose(url)) != party:
        remedy = "Give each party a database of its own: web.database."
        return Check(found.part, Health.FAIL, f"it is the desk of {other or 'nobody'}", remedy)
    return found


def vault(settings: Settings) -> Check:
    """Whether the vault answers, has the newest tables, and its keys open; raises ConfigError."""
    url = settings.vault.database.get_secret_value()
    found = database(Database("vault", "vault.database", url, (keys.STEPS,)))
    if found.health is not Health.OK:
        return found
    known = master.load(settings.vault.master_key_file)
    with closing(SqlKeys(url, known, lambda: datetime.now(UTC))) as kept:
        strange = kept.wrapped_by() - known.names
    if strange:
        remedy = f"Put the line that wrapped them back into {master.SETTING}."
        return Check(found.part, Health.FAIL, "keys no master key that is here opens", remedy)
    return found
