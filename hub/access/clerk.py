"""Somebody who works at the back office: as the pages know them, and as their account is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from hub.access.roles import Right, Role, may


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who is asking."""

    id: str
    """Stands in the records; says nothing about a person."""
    name: str
    """For colleagues of the same party."""
    role: Role

    def may(self, right: Right) -> bool:
        """Whether their role allows it."""
        return may(self.role, right)


def new_id(chance: Callable[[int], bytes]) -> str:
    """An id that says nothing about a person."""
    return f"c-{chance(8).hex()}"


class Identity(NamedTuple):
    """Who somebody is at an OpenID provider; the same for ever (OpenID Connect Core 5.7)."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Account:
    """A clerk's account. Either a name and a password, or an identity at an OpenID provider."""

    clerk: Clerk
    sign_in_name: str | None = None
    """What is typed to sign in: small letters, no blanks."""
    password_hash: str | None = None
    """Argon2id, with its parameters and salt (PHC string)."""
    must_change: bool = False
    """The password was given by somebody else: the first thing to do is to choose another."""
    identity: Identity | None = None
    locked_at: datetime | None = None
    """Since when nobody may sign in to it."""
