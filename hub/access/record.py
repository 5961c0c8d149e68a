"""The record of who came in: what happened, to which account, by whom. No other personal data."""

from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

OPERATOR: Final = "operator"
"""Who runs the command `hub clerk` or `hub operator`."""
PROVIDER: Final = "provider"
"""The OpenID provider, by what it says of an account."""


class What(StrEnum):
    """What is recorded."""

    SIGNED_IN = "signed-in"
    SIGNED_IN_AGAIN = "signed-in-again"
    """After the session was locked or over."""
    SIGNED_OUT = "signed-out"
    FAILED = "failed"
    """A sign-in that failed; whose it is stands there only if there is such an account."""
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of an event
    ADDED = "added"
    ROLE_CHANGED = "role-changed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    REMOVED = "removed"


class Entry(NamedTuple):
    """One line of it."""

    at: datetime
    what: What
    clerk: str | None
    """The id of the account it is about."""
    by: str | None = None
    """Who did it, if it was somebody else: a clerk's id, `operator` or `provider`."""
    detail: str = ""
    """A code: the reason of a failure, or the roles before and after."""
