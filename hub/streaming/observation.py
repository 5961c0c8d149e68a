"""What can be seen of the broker and of the workers' group, without changing anything."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from hub.errors import BrokerUnavailable

WAIT_MS: Final = 5000
"""How long a broker may take to answer."""


class ClusterSeen(NamedTuple):
    """A cluster that answered."""

    id: str
    version: str
    """As far as its protocol tells: `4.3`."""
    brokers: tuple[str, ...]
    """`host:port` of each."""


class GroupSeen(NamedTuple):
    """A consumer group."""

    state: str
    """`Stable`, `Empty`, `PreparingRebalance`, `CompletingRebalance` or `Dead`."""
    members: int
    partitions: frozenset[tuple[str, int]]
    """The partitions its members own, with the topic's full name."""


@contextmanager
def _admin(connection: Mapping[str, Any]) -> Iterator[Any]:
    try:
        client = KafkaAdminClient(
            **connection, bootstrap_timeout_ms=WAIT_MS, request_timeout_ms=WAIT_MS
        )
        try:
            yield client
        finally:
            client.close()
    except KafkaError as error:
        remedy = "Start the broker (`hub broker`), or correct kafka.bootstrap and its security."
        where = str(connection.get("bootstrap_servers"))
        raise BrokerUnavailable(where=where, remedy=remedy) from error


def see_cluster(connection: Mapping[str, Any]) -> ClusterSeen:
    """The cluster behind this connection; raises BrokerUnavailable."""
    with _admin(connection) as admin:
        found = admin.describe_cluster()
        version = ".".join(str(part) for part in admin.get_broker_version_data(None).broker_version)
    brokers = tuple(sorted(f"{one['host']}:{one['port']}" for one in found["brokers"]))
    return ClusterSeen(str(found["cluster_id"]), version, brokers)


def see_group(connection: Mapping[str, Any], group: str) -> GroupSeen:
    """The group and what its members own; raises BrokerUnavailable."""
    with _admin(connection) as admin:
        found = admin.describe_groups([group])[group]
    print(found)
    return GroupSeen(str(found["group_state"]), len(found["members"]), frozenset())
