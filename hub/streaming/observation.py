"""What can be seen of the broker and of the workers' group, without changing anything."""

import time
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from kafka.errors import ClusterAuthorizationFailedError, CoordinatorNotAvailableError

from hub.streaming.admin import connected

ANSWER_WITHIN_MS: Final = 5000


class ClusterSeen(NamedTuple):
    """A cluster that answered."""

    version: str
    """As far as its protocol tells: `4.3`."""
    brokers: tuple[str, ...]
    """`host:port` of each that serves."""


class GroupSeen(NamedTuple):
    """A consumer group."""

    state: str
    """`Stable`, `Empty`, `PreparingRebalance`, `CompletingRebalance` or `Dead`."""
    members: int
    partitions: frozenset[tuple[str, int]]
    """Topic and partition of what its members own, with the topic's full name."""


class ClockSeen(NamedTuple):
    """The clock of the broker that leads the quorum."""

    ahead_s: float
    """How far it is ahead of this machine's."""
    within_s: float
    """How exactly that is known: half the time the answer took."""


class DiskSeen(NamedTuple):
    """A folder in which a broker keeps its records."""

    broker: int
    folder: str
    free_bytes: int
    """-1: the broker does not tell."""
    error: int
    """Kafka's error code; 0: it is in use."""


def see_clock(connection: Mapping[str, Any]) -> ClockSeen | None:
    """The clock of the leader of the quorum, which its answer tells; None: no right to ask.

    Nothing is written for it. Raises BrokerUnavailable and BrokerRefused.
    """
    with connected(connection, ANSWER_WITHIN_MS) as admin:
        admin.describe_cluster()  # the connection stands before the time is taken
        asked = time.time()
        try:
            quorum = admin.describe_metadata_quorum()
        except ClusterAuthorizationFailedError:
            return None
        answered = time.time()
    told = quorum["topics"][0]["partitions"][0]
    leader = {one["replica_id"]: one for one in told["current_voters"]}[told["leader_id"]]
    theirs = leader["last_caught_up_timestamp"] / 1000  # of the leader: its own present time
    return ClockSeen(theirs - (asked + answered) / 2, (answered - asked) / 2)


def see_disks(connection: Mapping[str, Any]) -> list[DiskSeen]:
    """The brokers' folders; none where the user may not know.

    Raises BrokerUnavailable and BrokerRefused.
    """
    with connected(connection, ANSWER_WITHIN_MS) as admin:
        found = admin.describe_log_dirs({})
    return [
        DiskSeen(one["broker"], place["log_dir"], place["usable_bytes"], place["error_code"])
        for one in found
        for place in one["log_dirs"]
    ]


def see_cluster(connection: Mapping[str, Any]) -> ClusterSeen:
    """The cluster behind this connection; raises BrokerUnavailable and BrokerRefused."""
    with connected(connection, ANSWER_WITHIN_MS) as admin:
        serving = [b for b in admin.describe_cluster()["brokers"] if not b.get("is_fenced")]
        version = admin.get_broker_version_data(serving[0]["broker_id"]).broker_version
    brokers = sorted(f"{one['host']}:{one['port']}" for one in serving)
    return ClusterSeen(".".join(str(part) for part in version), tuple(brokers))


def see_group(connection: Mapping[str, Any], group: str) -> GroupSeen:
    """The group and what its members own; raises BrokerUnavailable and BrokerRefused."""
    with connected(connection, ANSWER_WITHIN_MS) as admin:
        try:
            found = admin.describe_groups([group])[group]
        except CoordinatorNotAvailableError:  # no group was ever on this broker
            return GroupSeen("Dead", 0, frozenset())
    owned = frozenset(
        (topic["topic"], partition)
        for member in found["members"]
        for topic in (member["member_assignment"] or {}).get("assigned_partitions", ())
        for partition in topic["partitions"]
    )
    return GroupSeen(str(found["group_state"]), len(found["members"]), owned)
