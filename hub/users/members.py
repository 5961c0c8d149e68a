"""The users that parties come as: each may read its own deliveries, and nothing else.

A party writes nothing to Kafka. Who may write to a topic may write there in anybody's name, so what
parties say comes in by the doors, which know the sender by its token, its folder or its database.
"""

from typing import Final, NamedTuple

from hub.users.grant import Grant, Operation, Resource
from hub.users.quota import Quota
from hub.users.roles import User
from schemas.topics import delivery_topic

MEMBER: Final = "party"
"""Stands before a party's id in the names of its users and groups."""
NOTHING: Final[frozenset[Grant]] = frozenset()


class Member(NamedTuple):
    """One of the credentials of a party, as far as it concerns the broker."""

    party: str
    number: int
    """Its credentials are numbered from 1 on; a number is never used again."""
    may_read: bool = True
    """False: it is suspended, and may do nothing."""
    is_over: bool = False
    """Whether it must not be there any more."""


def member_user(prefix: str, member: Member, quota: Quota) -> User:
    """The user of these credentials."""
    reads = member.may_read and not member.is_over
    return User(
        role="",
        name=f"{prefix}{MEMBER}.{member.party}.{member.number}",
        says=f"{member.party} itself",
        grants=member_grants(prefix, member.party) if reads else NOTHING,
        quota=None if member.is_over else quota,
        is_over=member.is_over,
    )


def member_grants(prefix: str, party: str) -> frozenset[Grant]:
    """To read its own deliveries, by groups of its own."""
    topic = Grant.topic(Operation.READ, prefix + delivery_topic(party).name)
    group = Grant(Resource.GROUP, group_prefix(prefix, party), Operation.READ, prefixed=True)
    return frozenset({topic, group})


def group_prefix(prefix: str, party: str) -> str:
    """How the names of the party's own consumer groups begin."""
    return f"{prefix}{MEMBER}.{party}."
