"""What is kept of accounts and sessions, as the pages ask for it; `hub.stores.accounts` answers.

Every call is one transaction and raises `connectors.errors.Later` when the database is away.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol, TypeAlias

from hub.access.clerk import Account, Identity
from hub.access.pauses import Patience
from hub.access.record import Entry, What
from hub.access.sessions import Session


class Accounts(Protocol):
    """The accounts of one party's clerks."""

    def find(self, sign_in_name: str) -> Account | None:
        """The account with this name."""

    def identified(self, identity: Identity) -> Account | None:
        """The account of this identity at an OpenID provider."""

    def all(self) -> Sequence[Account]:
        """Every account, in the order in which they were made."""

    def known(self, clerk: str) -> Account | None:
        """The account with this id."""

    def name_of(self, clerk: str) -> str | None:
        """The name for colleagues of the clerk with this id; None: nobody, or removed."""

    def add(self, account: Account, by: str, now: datetime) -> None:
        """Keep a new one, and record it; raises NameTaken."""

    def change(self, account: Account, entry: Entry | None) -> None:
        """Keep it as it is now, and record why; raises NoSuchAccount."""

    def remove(self, clerk: str, by: str, now: datetime) -> None:
        """Forget everything but the id, which stands in records; raises NoSuchAccount."""


class Sessions(Protocol):
    """Who is signed in. A session is asked for by its id's digest; the id itself is never kept."""

    def get(self, digest: str) -> Session | None:
        """The session; those that are over are known for some days."""

    def open(
        self, digest: str, session: Session, instead_of: str | None, what: What | None
    ) -> None:
        """Keep a new one, and record `what`; the one of this browser before it is over."""

    def note(self, digest: str, now: datetime) -> None:
        """A request came that counts."""

    def end(self, digest: str, now: datetime) -> None:
        """Signed out, recorded; nothing happens if it is over already."""

    def end_others(self, clerk: str, digest: str, now: datetime) -> None:
        """End every other session of this clerk."""


class Attempts(Protocol):
    """How often signing in failed, by name and by address, and what was used up."""

    def begin(self, counted: Mapping[str, Patience], now: datetime) -> timedelta:
        """Count a failure for each key and return zero; or, if one must wait, how long."""

    def succeed(self, forgotten: Sequence[str], taken_back: Sequence[str]) -> None:
        """It was none: all failures of these keys are forgotten, of those the one counted."""

    def spend(self, mark: str, now: datetime) -> bool:
        """Whether this mark of a form was not used before; from now on it is."""


class Flow(NamedTuple):
    """A sign-in at the OpenID provider that is under way."""

    browser: str
    """Digest of the cookie of the browser it began in."""
    nonce: str
    verifier: str
    """The PKCE code verifier (RFC 7636)."""
    next: str
    """The path to go to afterwards."""
    kept: str
    """What was typed before, sealed; or nothing."""
    clerk: str | None
    """Whose session it unlocks; None: anybody may sign in."""
    started_at: datetime


class Flows(Protocol):
    """The sign-ins at the OpenID provider that are under way."""

    def start(self, state: str, flow: Flow) -> None:
        """Keep it under the digest of its state."""

    def take(self, state: str, now: datetime) -> Flow | None:
        """The flow of this state, once; None if there is none or it took too long."""


class Record(Protocol):
    """The record of who came in; only ever added to."""

    def add(self, entry: Entry) -> None:
        """One line more."""

    def latest(self, most: int, before: int | None = None) -> Sequence[tuple[int, Entry]]:
        """So many lines with their numbers, the newest first; `before`: older than this number."""


Beside: TypeAlias = Callable[[Entry, str], None]
"""Is told each line of the record, with the role of the clerk who did it (empty: not a clerk).

What it raises undoes what the line tells of.
"""


class Kept(NamedTuple):
    """All of it."""

    accounts: Accounts
    sessions: Sessions
    attempts: Attempts
    flows: Flows
    record: Record
    key: bytes
    """32 random bytes of this database: seals and pseudonyms are made with it."""
    tidy: Callable[[datetime], None]
    """Forget what is over for long: sessions, failures, flows, marks and old lines."""
