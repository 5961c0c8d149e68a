"""What each role may do, as one table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody who signs in is there for."""

    CLERK = "clerk"
    """Works cases."""
    LEAD = "lead"
    """Works cases, sees the manager's page, and releases what others have claimed."""
    AUDITOR = "auditor"
    """Sees what happened on each case and who opened it, but not what it contains."""
    OPERATOR = "operator"
    """Works the dead letters on the operations board; at a back office nothing."""


class Right(StrEnum):
    """What an address needs."""

    OWN_ACCOUNT = "own-account"
    """One's own password and sign-out."""
    LIST = "list"
    """The lists: case numbers, status and dates."""
    CONTENT = "content"
    """What a case contains; opening it is recorded."""
    WORK = "work"
    """Claim, answer and send."""
    RELEASE = "release"
    """Release what somebody else has claimed."""
    FIGURES = "figures"
    """The manager's page."""
    HISTORY = "history"
    """What happened on a case and who opened it, without its content."""
    RECORD = "record"
    """Who signed in when, and what failed."""
    LETTERS = "letters"
    """Dead letters one by one, covered, and what was done with each."""
    DESK = "desk"
    """Uncover a dead letter, which is recorded; send it again, put it aside."""


MAY: Final[Mapping[Role, frozenset[Right]]] = {
    Role.CLERK: frozenset({Right.OWN_ACCOUNT, Right.LIST, Right.CONTENT, Right.WORK}),
    Role.LEAD: frozenset(
        {
            Right.OWN_ACCOUNT,
            Right.LIST,
            Right.CONTENT,
            Right.WORK,
            Right.RELEASE,
            Right.FIGURES,
        }
    ),
    Role.AUDITOR: frozenset(
        {Right.OWN_ACCOUNT, Right.LIST, Right.HISTORY, Right.RECORD, Right.LETTERS}
    ),
    Role.OPERATOR: frozenset({Right.OWN_ACCOUNT, Right.LETTERS, Right.DESK}),
}
"""Nobody may do what does not stand here."""


def may(role: Role, right: Right) -> bool:
    """Whether this role has this right."""
    return right in MAY[role]
