"""Writes down who does what, before it is done: what every command and page calls for it.

    with auditing.audited(settings, Did.TOPICS_APPLIED, "topics"):
        ...                                     # not reached if it cannot be written down

Where `audit.database` is empty nothing is written down, and everything goes on.
"""

import getpass
import os
import platform
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime

from sqlalchemy.engine import make_url

from connectors.errors import Later
from hub.audit.act import OPERATOR, Act, Did
from hub.audit.keeping import NotAudited
from hub.errors import ConfigError
from hub.settings import Settings
from hub.stores.audit.sql_audit import SqlAudit
from hub.stores.audit.upgrade import upgrade


@contextmanager
def audited(
    settings: Settings, did: Did, *about: str, reason: str = "", party: str = ""
) -> Iterator[None]:
    """Inside, it stands in the audit that the operator does this, once for each `about`.

    If what is inside raises, that is written down as well. `about`: ids, never a name; `party`:
    whose account, key or data it is about, if it is one party's. Raises NotAudited if it cannot
    be written down now, and then nothing inside is done.
    """
    with kept(settings) as audit:
        if audit is None:
            yield
            return
        who = operator(settings)
        audit.record(*(Act(who, OPERATOR, did, one, party, reason) for one in about))
        try:
            yield
        except BaseException as error:
            why = f"{did}: {type(error).__name__}"
            with suppress(Later):
                audit.record(
                    *(Act(who, OPERATOR, Did.BROKEN_OFF, one, party, why) for one in about)
                )
            raise


@contextmanager
def kept(settings: Settings) -> Iterator[SqlAudit | None]:
    """The audit, its table made if need be; None where none is kept.

    Raises NotAudited, and ConfigError.
    """
    url = settings.audit.database.get_secret_value()
    if not url:
        yield None
        return
    check(settings)
    try:
        upgrade(url)
    except Later as away:
        raise NotAudited(away.retry_after_s, away.why) from away
    with closing(opened(url)) as audit:
        yield audit


def opened(url: str) -> SqlAudit:
    """The audit in this database, whose table is there."""
    return SqlAudit(url, lambda: datetime.now(UTC))


def check(settings: Settings) -> None:
    """Raise ConfigError where the audit lies in a file that is locked while it is written to."""
    audit = make_url(settings.audit.database.get_secret_value())
    desk = make_url(settings.web.database.get_secret_value())
    if audit.get_backend_name() == "sqlite" and audit.database == desk.database:
        remedy = "Give it one of its own: audit.database = sqlite:///.kurze-wege/audit.sqlite"
        raise ConfigError(
            "The audit lies in the file of the desk.", where="audit.database", remedy=remedy
        )


def operator(settings: Settings) -> str:
    """Who runs this command: the system's user, or who the settings say, and the machine."""
    return f"{settings.audit.operator or _user()}@{platform.node()}"


def _user() -> str:
    """The system's user; in a container it may have a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"
