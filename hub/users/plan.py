"""How the users on a broker differ from the declared ones."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hub.users.grant import Grant
from hub.users.roles import User


class Found(NamedTuple):
    """What the broker knows of users."""

    names: frozenset[str]
    """Those that have a password."""
    grants: Mapping[str, frozenset[Grant]]
    """What each may do, whether it has a password or not."""


class Difference(NamedTuple):
    """A user that is not as declared."""

    name: str
    is_missing: bool
    """Whether it has no password, so that nobody can come as this user."""
    lacks: frozenset[Grant]
    exceeds: frozenset[Grant]
    """What it may do and should not."""


def compare(wanted: Iterable[User], found: Found) -> tuple[Difference, ...]:
    """Each declared user that differs; users that are not declared are somebody else's."""
    differences = (_difference(user, found) for user in wanted)
    return tuple(one for one in differences if one.is_missing or one.lacks or one.exceeds)


def _difference(user: User, found: Found) -> Difference:
    has = found.grants.get(user.name, frozenset())
    is_missing = user.name not in found.names
    return Difference(user.name, is_missing, user.grants - has, has - user.grants)
