"""Each kind of process may do at the broker what it needs, and nothing that is another's work."""

import pytest

from hub.users.grant import EVERYTHING, Grant, Operation, Resource
from hub.users.plan import Found, compare
from hub.users.roles import User, users
from schemas.topics import INPUTS, JOURNAL, LANE_TOPICS, PROBES, every_topic

PREFIX, GROUP = "prod.", "prod.hub"
USERS = users(PREFIX, GROUP)
BY_ROLE = {user.role: user for user in USERS}
WRITES = {Operation.WRITE, Operation.ALL}
TOPICS = [PREFIX + topic.name for topic in every_topic(["kfb", "06432005"])]
PASSED = Found(
    frozenset(user.name for user in USERS), {user.name: user.grants for user in USERS}, {}
)
MORE = Grant(Resource.TOPIC, "ledger", Operation.WRITE)


def may(role: str, operation: Operation, topic: str) -> bool:
    """Whether a role's list grants this on this topic."""
    return any(
        one.operation is operation
        and one.resource is Resource.TOPIC
        and (topic.startswith(one.name) if one.prefixed else topic == one.name)
        for one in BY_ROLE[role].grants
    )


def who(operation: Operation, topic: str) -> set[str]:
    """The roles that may do this on this topic."""
    return {role for role in BY_ROLE if may(role, operation, PREFIX + topic)}


def test_who_writes_where() -> None:
    """Doors write inputs, lanes everything behind them, and nobody else anything."""
    for topic in INPUTS:
        by_doors = topic.from_outside or topic == PROBES
        wanted = {"door", "desk"} if by_doors else {"mailbox"}
        assert who(Operation.WRITE, topic.name) == wanted
    for name in ("to.kfb", "to.hub", "ledger", "lanes.state", "lanes.offers", "referrals.dead"):
        assert who(Operation.WRITE, name) == {"worker"}
    assert who(Operation.WRITE, "dead.journal") == set()


def test_who_reads_what() -> None:
    """Content is read by those whose work it is, and as batches by the monitor."""
    for topic in LANE_TOPICS:
        assert who(Operation.READ, topic.name) == {"worker", "monitor"}
    assert who(Operation.READ, "to.kfb") == {"sink", "mailbox", "desk", "monitor"}
    assert who(Operation.READ, "ledger") == {"ledger", "monitor"}
    assert who(Operation.READ, "referrals.dead") == {"monitor"}


def test_the_monitor_writes_where_operators_sign_in() -> None:
    """Letters go where they came in and the journal is kept; without accounts it writes nothing."""
    (usual,) = (user.grants for user in USERS if user.role == "monitor")
    (desk,) = (u.grants for u in users(PREFIX, GROUP, has_desk=True) if u.role == "monitor")
    more = {(one.name, one.operation) for one in desk - usual}

    assert usual < desk
    assert more == {(PREFIX + topic.name, Operation.WRITE) for topic in (*INPUTS, JOURNAL)}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_monitor_sees_every_topic(topic: str) -> None:
    """There is no topic whose readers it could not judge."""
    assert may("monitor", Operation.READ, topic)


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.role)
def test_nothing_is_granted_that_is_the_operators(user: User) -> None:
    """No user makes, changes or deletes anything on the broker, or is stopped from anywhere."""
    for one in user.grants:
        assert one.resource is not Resource.CLUSTER
        assert one.operation in (Operation.READ, Operation.WRITE, Operation.DESCRIBE)
        assert one.allows
        if one.name == EVERYTHING:
            assert one.operation is Operation.DESCRIBE
        else:
            assert one.name.startswith(PREFIX)


def test_users_of_two_hubs_never_meet() -> None:
    """Hubs with different prefixes on one broker have different users."""
    assert not {user.name for user in USERS} & {user.name for user in users("", "kurze-wege")}


def test_a_broker_as_declared_differs_in_nothing() -> None:
    """What was applied leaves nothing to do; somebody else's user is not looked at."""
    foreign = {"somebody": frozenset({MORE})}

    assert compare(USERS, PASSED) == ()
    assert compare(USERS, PASSED._replace(grants={**PASSED.grants, **foreign})) == ()


def test_each_difference_is_told() -> None:
    """A missing password, a missing grant, and one too many, each with its user."""
    worker, door, sink = (BY_ROLE[role] for role in ("worker", "door", "sink"))
    lost = next(iter(door.grants))
    found = Found(
        PASSED.names - {worker.name},
        {**PASSED.grants, door.name: door.grants - {lost}, sink.name: sink.grants | {MORE}},
        {},
    )

    assert [
        (one.name, one.is_missing, one.lacks, one.exceeds) for one in compare(USERS, found)
    ] == [
        (worker.name, True, frozenset(), frozenset()),
        (door.name, False, {lost}, frozenset()),
        (sink.name, False, frozenset(), {MORE}),
    ]


def test_a_grant_reads_as_a_sentence() -> None:
    """Where names begin alike, where it comes from and what it forbids is to be seen."""
    wide = Grant(Resource.TOPIC, "to.", Operation.READ, prefixed=True)

    assert wide.text == "read topic to.*"
    assert (
        wide._replace(host="10.0.0.1", allows=False).text == "never read topic to.* from 10.0.0.1"
    )
