"""How the users on a broker differ from the declared ones."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hub.users.grant import Grant
from hub.users.quota import Limit, differing
from hub.users.roles import User


class Found(NamedTuple):
    """What the broker knows of users."""

    names: frozenset[str]
    """Those that have a password."""
    grants: Mapping[str, frozenset[Grant]]
    """What each may do, whether it has a password or not."""
    limits: Mapping[str, Mapping[str, float]]
    """How much each may ask of a broker, as Kafka calls it."""


class Difference(NamedTuple):
    """A user that is not as declared."""

    name: str
    is_missing: bool
    """Whether it has no password, so that nobody can come as this user."""
    is_left: bool
    """Whether it has a password and should not be there any more."""
    lacks: frozenset[Grant]
    exceeds: frozenset[Grant]
    """What it may do and should not."""
    limits: tuple[Limit, ...]
    """How much it may ask of a broker, where that is not as declared."""

    @property
    def is_some(self) -> bool:
        """Whether anything differs."""
        return any(self[1:])

    @property
    def is_only_missing(self) -> bool:
        """Whether all that differs is that nobody can come as this user."""
        return self.is_missing and not any(self[2:])


def compare(wanted: Iterable[User], found: Found) -> tuple[Difference, ...]:
    """Each declared user that differs; users that are not declared are somebody else's."""
    differences = (_difference(user, found) for user in wanted)
    return tuple(one for one in differences if one.is_some)


def _difference(user: User, found: Found) -> Difference:
    has, is_there = found.grants.get(user.name, frozenset()), user.name in found.names
    return Difference(
        user.name,
        is_missing=not is_there and not user.is_over,
        is_left=is_there and user.is_over,
        lacks=user.grants - has,
        exceeds=has - user.grants,
        limits=differing(
            user.quota.limits() if user.quota else {}, found.limits.get(user.name, {})
        ),
    )
