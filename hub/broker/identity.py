"""What a folder remembers of its cluster: who it is, and where it listened last time."""

import base64
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from hub.broker import ports
from hub.broker.errors import FolderUnfit
from hub.broker.properties import Seat


@dataclass(frozen=True, slots=True)
class Identity:
    """A cluster's id and its nodes' seats."""

    cluster_id: str
    seats: tuple[Seat, ...]

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """The folder's memory, or None when it holds no cluster yet."""
        if not file.exists():
            return None
        known = json.loads(file.read_text("utf-8"))
        return cls(known["cluster_id"], tuple(Seat(**seat) for seat in known["seats"]))

    def write(self, file: Path) -> None:
        """Keep it for the next start."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self), indent=1), "utf-8")


def settle(folder: Path, brokers: int, wanted: Sequence[int] | None) -> Identity:
    """Who the folder's cluster is and where it listens this time.

    Clients find it at the wanted ports, else where they found it last time, else at free ones.
    Raises PortTaken and FolderUnfit; ValueError when there is not one wanted port a node.
    """
    if wanted and len(wanted) != brokers:
        raise ValueError(f"{len(wanted)} port(s) for {brokers} broker(s)")
    file = folder / "cluster.json"
    known = Identity.read(file) or Identity(_new_cluster_id(), ())
    if known.seats and len(known.seats) != brokers:
        raise FolderUnfit(str(folder), len(known.seats), brokers)
    identity = Identity(known.cluster_id, _seats(brokers, known.seats, wanted or ()))
    identity.write(file)
    return identity


def _seats(brokers: int, known: Sequence[Seat], wanted: Sequence[int]) -> tuple[Seat, ...]:
    used: set[int] = set()

    def take(*candidates: int) -> int:
        port = next(p for p in candidates if p not in used and ports.is_free(p))
        used.add(port)
        return port

    spare = ports.free(3 * brokers)
    clients = [ports.insist(port) for port in wanted] or [
        take(*(seat.clients for seat in known[i : i + 1]), *spare) for i in range(brokers)
    ]
    used.update(clients)
    quorum = [take(*(seat.quorum for seat in known[i : i + 1]), *spare) for i in range(brokers)]
    return tuple(
        Seat(number, *pair)
        for number, pair in enumerate(zip(clients, quorum, strict=True), start=1)
    )


def _new_cluster_id() -> str:
    chance = uuid.uuid4().bytes
    # A small first byte keeps the id from beginning with a dash, which Kafka takes for an option.
    return base64.urlsafe_b64encode(bytes([chance[0] & 0x7F]) + chance[1:]).decode().rstrip("=")
