"""Writes down who does what, before it is done: what every command and page calls for it.

    with auditing.audited(settings, Did.PARTY_ADDED, "06432005", reason="Pilot"):
        ...                                     # not reached if it cannot be written down

Where `audit.database` is empty nothing is written down, and everything goes on.
"""

import getpass
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime

from sqlalchemy.engine import make_url

from connectors.errors import Later
from hub.access.keeping import Beside
from hub.access.record import OPERATOR, Entry
from hub.audit.accounts import act_of
from hub.audit.act import Act, Did, unfit
from hub.audit.keeping import Audit, NotAudited
from hub.errors import ConfigError, UsageError
from hub.settings import Settings
from hub.stores.audit.sql_audit import SqlAudit
from hub.stores.audit.upgrade import upgrade


@contextmanager
def audited(
    settings: Settings,
    did: Did,
    *about: str,
    reason: str = "",
    party: str = "",
    who: str = "",
    role: str = OPERATOR,
) -> Iterator[None]:
    """Inside, it stands in the audit that somebody does this, once for each `about`.

    If what is inside raises, that is written down as well. `about`: ids, never a name; `party`:
    whose account, key or data it is about, if it is one party's; `who` and `role`: who runs this
    command, unless somebody else is named. Raises UsageError for what cannot be written down, and
    NotAudited if it cannot be now; then nothing inside is done.
    """
    with kept(settings) as audit:
        if audit is None:
            yield
            return
        by = who or operator(settings)
        acts = [Act(by, role, did, one, party, reason) for one in about]
        if part := next(filter(None, map(unfit, acts)), ""):
            remedy = "Shorten it, and leave out what cannot be printed."
            raise UsageError("This cannot be written down in the audit.", where=part, remedy=remedy)
        audit.record(*acts)
        try:
            yield
        except BaseException as error:
            why = f"{did}: {type(error).__name__}"
            with suppress(Later):
                audit.record(*(act._replace(did=Did.BROKEN_OFF, reason=why) for act in acts))
            raise


def record(
    settings: Settings, did: Did, *about: str, reason: str = "", who: str = "", role: str = OPERATOR
) -> None:
    """Write down what is done next, for an act that is over in a moment; raises like `audited`."""
    with audited(settings, did, *about, reason=reason, who=who, role=role):
        pass


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


def steps(settings: Settings) -> Iterator[tuple[Callable[[str], None], str]]:
    """What brings the audit's database to its newest table, and its address; nothing for none."""
    if url := settings.audit.database.get_secret_value():
        yield upgrade, url


def opened(url: str) -> SqlAudit:
    """The audit in this database, whose table is there."""
    return SqlAudit(url, lambda: datetime.now(UTC))


def accounts(audit: Audit | None, party: str | None, operator: str = "") -> Beside | None:
    """What a party's accounts tell before it counts; `operator`: who runs `hub clerk`."""
    if audit is None:
        return None

    def beside(entry: Entry, role: str) -> None:
        if act := act_of(entry, role, party or "", operator):
            audit.record(act)

    return beside


def check(settings: Settings) -> None:
    """Raise ConfigError where the audit lies in a file that is locked while it is written to."""
    url = settings.audit.database.get_secret_value()
    if not url or make_url(url).get_backend_name() != "sqlite":
        return
    for setting, other in (
        ("web.database", settings.web.database),
        ("monitor.accounts.database", settings.monitor.accounts.database),
    ):
        if other and make_url(other.get_secret_value()).database == make_url(url).database:
            what = f"The audit lies in the file of {setting}."
            remedy = "Give it one of its own: audit.database = sqlite:///.kurze-wege/audit.sqlite"
            raise ConfigError(what, where="audit.database", remedy=remedy)


def operator(settings: Settings) -> str:
    """Who runs this command: the system's user, or who the settings say, and the machine."""
    return f"{settings.audit.operator or _user()}@{platform.node()}"


def _user() -> str:
    """The system's user; in a container it may have a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"
