"""What can be seen of the broker and of the workers' group, without changing anything."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from kafka.errors import CoordinatorNotAvailableError

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
