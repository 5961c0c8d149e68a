"""THE list of users: one for each kind of process, and what it may do, which is what it needs.

The operator is not among them: who makes topics and users comes with a certificate, and the broker
knows it as a super user.
"""

from typing import Final, NamedTuple

from hub.users.grant import EVERYTHING, Grant, Operation, Resource
from hub.users.quota import Quota
from schemas.topics import (
    DELIVERY_PREFIX,
    FROM_OUTSIDE,
    INPUTS,
    JOURNAL,
    LANE_OFFERS,
    LANE_TOPICS,
    LEDGER,
    MAILBOXES,
    PROBES,
    STATE,
    Topic,
    dead_topic,
)

READ, WRITE, DESCRIBE = Operation.READ, Operation.WRITE, Operation.DESCRIBE
DEAD: Final = tuple(dead_topic(topic) for topic in LANE_TOPICS)


class User(NamedTuple):
    """A user of the broker."""

    role: str
    """What its password is called after; empty: nobody keeps its password."""
    name: str
    """As the broker knows it: the role, after the prefix of the topics."""
    says: str
    """Who comes as this user."""
    grants: frozenset[Grant]
    quota: Quota | None = None
    """How much it may ask of a broker; None: as much as it likes."""
    is_over: bool = False
    """Whether it was there once and must not be any more."""


def users(prefix: str, group: str, *, has_desk: bool = False) -> tuple[User, ...]:
    """Every user of a hub whose topics have this prefix and whose workers are this group.

    `has_desk`: operators sign in at the monitor's board, to send dead letters again.
    """
    here = _Here(prefix, group)
    takes, hands_in = here.takes, here.topics(WRITE, *FROM_OUTSIDE, PROBES)
    roles = (
        ("worker", "`hub worker`", here.works),
        ("door", "the doors `file_drop`, `http_api`, `sql_outbox`", hands_in),
        ("sink", "the sinks `backoffice`, `webhook`, `offers`", takes),
        ("mailbox", "the sink and door `mailbox`", takes | here.topics(WRITE, MAILBOXES)),
        ("desk", "`hub web`", takes | hands_in),
        ("ledger", "the sink `ledger`", here.topics(READ, LEDGER) | {here.own_groups}),
        ("monitor", "`hub monitor`", here.looks | (here.acts if has_desk else frozenset())),
    )
    return tuple(User(role, prefix + role, says, grants) for role, says, grants in roles)


class _Here(NamedTuple):
    """What can be granted at one hub."""

    prefix: str
    group: str

    def topics(self, operation: Operation, *topics: Topic) -> frozenset[Grant]:
        names = (self.prefix + topic.name for topic in topics)
        return frozenset(Grant(Resource.TOPIC, name, operation) for name in names)

    def deliveries(self, operation: Operation) -> Grant:
        return Grant(Resource.TOPIC, self.prefix + DELIVERY_PREFIX, operation, prefixed=True)

    @property
    def own_groups(self) -> Grant:
        """A sink tells its lag under a name of its own."""
        return Grant(Resource.GROUP, f"{self.group}.", READ, prefixed=True)

    @property
    def takes(self) -> frozenset[Grant]:
        return frozenset({self.deliveries(READ), self.own_groups})

    @property
    def works(self) -> frozenset[Grant]:
        reads = self.topics(READ, *LANE_TOPICS, STATE)
        writes = self.topics(WRITE, LEDGER, STATE, LANE_OFFERS, *DEAD)
        lanes = Grant(Resource.TRANSACTIONAL_ID, f"{self.group}.", WRITE, prefixed=True)
        group = Grant(Resource.GROUP, self.group, READ)
        return reads | writes | {lanes, group, self.deliveries(WRITE)}

    @property
    def acts(self) -> frozenset[Grant]:
        """Letters go where they came in, and what was done is written down."""
        return self.topics(WRITE, *INPUTS, JOURNAL)

    @property
    def looks(self) -> frozenset[Grant]:
        """Whoever reads its topics is in sight, also somebody else's group."""
        topics = self.topics(READ, *LANE_TOPICS, LEDGER, STATE, JOURNAL, *DEAD)
        groups = Grant(Resource.GROUP, EVERYTHING, DESCRIBE)
        lanes = Grant(Resource.TRANSACTIONAL_ID, EVERYTHING, DESCRIBE)
        return topics | {self.deliveries(READ), groups, lanes}
