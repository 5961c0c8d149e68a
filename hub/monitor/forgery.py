"""Events that claim a sender and do not prove it, while they lie among the dead letters."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from schemas.problems import ProblemCode

CODES: Final = frozenset(
    {
        ProblemCode.SIGNATURE_MISSING,
        ProblemCode.SIGNATURE_INVALID,
        ProblemCode.SIGNATURE_EXPIRED,
        ProblemCode.SIGNING_KEY_UNKNOWN,
        ProblemCode.SIGNING_KEY_REVOKED,
    }
)
"""Why such an event was refused."""


class Unproven(NamedTuple):
    """One of them."""

    party: str
    """Who is said to have sent it; empty where that cannot be read."""
    at: datetime
    """When it was refused."""
    letter: str
    """Where it lies: `referrals.dead/2/15`."""
    codes: tuple[str, ...]


class Forgery(NamedTuple):
    """All that claim one sender."""

    party: str
    since: datetime
    number: int
    newest: str
    """The letter that came last."""
    codes: tuple[str, ...]


def forgeries(found: Iterable[Unproven]) -> tuple[Forgery, ...]:
    """Those by whom they claim to be from."""
    by_party: dict[str, list[Unproven]] = {}
    for one in sorted(found, key=lambda one: one.at):
        by_party.setdefault(one.party, []).append(one)
    return tuple(
        Forgery(
            party,
            several[0].at,
            len(several),
            several[-1].letter,
            tuple(sorted({code for one in several for code in one.codes})),
        )
        for party, several in sorted(by_party.items())
    )
