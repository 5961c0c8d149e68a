"""What a node of the embedded Kafka is told: its `server.properties`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.broker.ports import HOST

CLIENTS: Final = "PLAINTEXT"
QUORUM: Final = "CONTROLLER"

_SMALL: Final = {
    "num.network.threads": "2",
    "num.io.threads": "4",
    "offsets.topic.num.partitions": "4",
    "offsets.retention.minutes": "129600",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.num.partitions": "1",
    "log.cleaner.dedupe.buffer.size": str(4 * 1024 * 1024),
    "log.index.size.max.bytes": str(1024 * 1024),
}
"""One machine, few topics: less memory and less to do at start than a server's defaults."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A node's number and the two ports it listens on."""

    number: int
    clients: int
    quorum: int


def node_properties(seat: Seat, seats: Sequence[Seat], data: Path) -> dict[str, str]:
    """The settings of one node among these, broker and controller in one process.

    The voters are static (`controller.quorum.voters`), not kept in the log as with
    `format --standalone`: so a cluster may come back on other ports.
    """
    return {
        "process.roles": "broker,controller",
        "node.id": str(seat.number),
        "controller.quorum.voters": ",".join(f"{s.number}@{HOST}:{s.quorum}" for s in seats),
        "listeners": f"{CLIENTS}://{HOST}:{seat.clients},{QUORUM}://{HOST}:{seat.quorum}",
        "advertised.listeners": f"{CLIENTS}://{HOST}:{seat.clients}",
        "listener.security.protocol.map": f"{CLIENTS}:PLAINTEXT,{QUORUM}:PLAINTEXT",
        "inter.broker.listener.name": CLIENTS,
        "controller.listener.names": QUORUM,
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        **_copies(len(seats)),
        **_SMALL,
    }


def _copies(nodes: int) -> dict[str, str]:
    """How often each record is kept, and how soon a silent node counts as gone."""
    in_sync = str(max(1, nodes - 1))
    return {
        "default.replication.factor": str(nodes),
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": str(nodes),
        "transaction.state.log.replication.factor": str(nodes),
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.replication.factor": str(nodes),
        "share.coordinator.state.topic.min.isr": in_sync,
        "broker.heartbeat.interval.ms": "500",
        # A killed node that comes back is refused until its old session has run out.
        "broker.session.timeout.ms": "3000" if nodes == 1 else "6000",
    }


def text(properties: Mapping[str, str]) -> str:
    """The content of a properties file; backslashes as Java wants them."""
    lines = (f"{key}={value}".replace("\\", "\\\\") for key, value in properties.items())
    return "".join(f"{line}\n" for line in lines)
