"""Each party may read its own deliveries by groups of its own, and nothing else."""

import pytest

from hub.party_file import load_parties
from hub.users.grant import Operation, Resource
from hub.users.members import NOTHING, Member, group_prefix, member_grants, member_user
from hub.users.plan import Found, compare
from hub.users.quota import Limit, Quota
from hub.users.roles import users
from schemas.topics import delivery_topic, every_topic

PREFIX = "prod."
PARTIES = tuple(load_parties().by_id)
QUOTA = Quota(1024, 4096, 25)
MEMBER = member_user(PREFIX, Member("06432005", 1), QUOTA)
THERE = Found(frozenset({MEMBER.name}), {MEMBER.name: MEMBER.grants}, {MEMBER.name: QUOTA.limits()})
OVER = member_user(PREFIX, Member("06432005", 1, is_over=True), QUOTA)


@pytest.mark.parametrize("party", PARTIES)
def test_a_party_may_read_just_one_topic(party: str) -> None:
    """Of all topics there are its own; it writes nowhere, makes, changes and deletes nothing."""
    grants = member_grants(PREFIX, party)
    names = {PREFIX + topic.name for topic in every_topic(PARTIES)}

    assert {one.operation for one in grants} == {Operation.READ}
    on_topics = {one for one in grants if one.resource is Resource.TOPIC}
    assert [(one.name, one.prefixed) for one in on_topics] == [
        (PREFIX + delivery_topic(party).name, False)
    ]
    assert {one.name for one in on_topics} <= names
    assert {one.resource for one in grants} == {Resource.TOPIC, Resource.GROUP}


def test_groups_of_two_parties_never_meet() -> None:
    """No party's groups begin like another's, like the workers', or like a sink's."""
    begin = [group_prefix(PREFIX, party) for party in (*PARTIES, "kfb-2", "kf")]
    hubs = f"{PREFIX}kurze-wege"

    for one in begin:
        assert [other for other in begin if other.startswith(one)] == [one]
        assert not hubs.startswith(one)
        assert not f"{hubs}.backoffice".startswith(one)


def test_a_party_is_never_called_like_a_process() -> None:
    """A party whose id is a role has another user than that role."""
    roles = {user.name for user in users(PREFIX, f"{PREFIX}kurze-wege")}

    assert (
        not {member_user(PREFIX, Member(role, 1), QUOTA).name for role in ("door", "worker")}
        & roles
    )


def test_suspended_it_may_nothing() -> None:
    """The user stays, with its password; nothing is granted."""
    user = member_user(PREFIX, Member("kfb", 2, may_read=False), QUOTA)

    assert (user.grants, user.quota, user.is_over) == (NOTHING, QUOTA, False)


def test_as_declared_nothing_differs() -> None:
    """Password, grants and limits are there: there is nothing to do."""
    assert compare([MEMBER], THERE) == ()
    assert compare([OVER], Found(frozenset(), {}, {})) == ()


def test_what_is_over_must_go() -> None:
    """Password, grants and limits of credentials that are over are told."""
    (one,) = compare([OVER], THERE)

    assert (one.is_left, one.is_missing, one.lacks) == (True, False, frozenset())
    assert one.exceeds == MEMBER.grants
    assert [limit.wanted for limit in one.limits] == [None, None, None]


def test_another_limit_is_told() -> None:
    """With what it is and what it should be; one that nobody declared as well."""
    limits = QUOTA.limits() | {"consumer_byte_rate": 1.0, "controller_mutation_rate": 2.0}

    (one,) = compare([MEMBER], THERE._replace(limits={MEMBER.name: limits}))

    assert one.limits == (
        Limit("consumer_byte_rate", 1.0, 4096),
        Limit("controller_mutation_rate", 2.0, None),
    )
