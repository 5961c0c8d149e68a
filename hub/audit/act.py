"""One act as it is written down: who, as what, did what about what, and why; nobody's content."""

from enum import StrEnum
from typing import Final, NamedTuple

LONGEST: Final = 250
"""How long each part of an act may be, in characters; a reason may be longer."""
LONGEST_REASON: Final = 300


class Did(StrEnum):
    """What was done; a code means the same for ever."""

    CASE_OPENED = "case-opened"
    """Somebody at a back office has opened a case with its content."""
    LETTER_REVEALED = "letter-revealed"
    """The content of a dead letter was uncovered."""
    LETTER_REPLAYED = "letter-replayed"
    """A dead letter was sent again."""
    LETTER_DISCARDED = "letter-discarded"
    """A dead letter was put aside."""
    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    """About the account, if there is one; the reason is a code."""
    ACCOUNT_ADDED = "account-added"
    ACCOUNT_LOCKED = "account-locked"
    ACCOUNT_UNLOCKED = "account-unlocked"
    ACCOUNT_REMOVED = "account-removed"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of an act
    ROLE_CHANGED = "role-changed"
    """The reason has the roles before and after."""
    TOPICS_APPLIED = "topics-applied"
    USERS_APPLIED = "users-applied"
    OFFSETS_RESET = "offsets-reset"
    STATE_REBUILT = "state-rebuilt"
    SECRETS_MADE = "secrets-made"
    TOKEN_MADE = "token-made"  # noqa: S105 - the name of an act
    """About the party; the reason has door and scopes."""
    TOKEN_REVOKED = "token-revoked"  # noqa: S105 - the name of an act
    PARTY_ADDED = "party-added"
    PARTY_ROTATED = "party-rotated"
    PARTY_SUSPENDED = "party-suspended"
    PARTY_REMOVED = "party-removed"
    SUBJECT_ERASED = "subject-erased"
    """The key of a person's case was destroyed."""
    SUBJECT_REPORTED = "subject-reported"
    """What is held of a person was put together."""
    VAULT_REWRAPPED = "vault-rewrapped"
    """All keys of cases were wrapped by the newest master key."""
    BROKEN_OFF = "broken-off"
    """What this person began just before ended with an error; parts of it may have been done."""


class Act(NamedTuple):
    """One act. Nothing in it says anything about a client; a case's id is a pseudonym."""

    who: str
    """A clerk's id, or user and machine; empty: somebody who is not known."""
    role: str
    """As what: a clerk's role, `operator` or `provider`; empty: not known."""
    did: Did
    about: str
    """The id of a case, letter, account, party or subject; a topic, group or folder."""
    party: str = ""
    """Of which party; empty: the hub's own operator."""
    reason: str = ""
    """Why, in a code or in words that name nobody."""


def unfit(act: Act) -> str:
    """Which part of an act cannot be written down: too long, or not to be printed; or nothing."""
    for name, said in act._asdict().items():
        longest = LONGEST_REASON if name == "reason" else LONGEST
        if len(said) > longest or not said.isprintable():
            return name
    return ""
