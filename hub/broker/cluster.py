"""An Apache Kafka of one or more nodes on this machine, kept in one folder."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from hub.broker import archive
from hub.broker.identity import settle
from hub.broker.jars import Progress
from hub.broker.java import CACHE, installed
from hub.broker.node import Node
from hub.broker.properties import Seat, node_properties
from hub.broker.readiness import await_ready
from hub.broker.security import Security
from hub.broker.security import settle as secrets

HEAP_MB: Final = 384
READY_WITHIN_S: Final = 120
_WITHOUT_QUORUM_S: Final = 3


class Cluster:
    """A running Kafka; ends with this process, or before by `stop` or a `with` block's end."""

    def __init__(self, nodes: Sequence[Node], security: Security | None = None) -> None:
        """Use `Cluster.start`; this takes nodes that are prepared."""
        self.nodes = tuple(nodes)
        self.security = security

    @classmethod
    def start(
        cls,
        folder: Path,
        brokers: int = 1,
        ports: Sequence[int] | None = None,
        progress: Progress | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        secured: bool = False,
        cache: Path = CACHE,
    ) -> Self:
        """Start the folder's cluster, a new one in a new folder, and return when it serves.

        The first start on a machine fetches Kafka; `prepare` ahead makes every start quicker.
        `ports`: where clients connect, one a node; else those of last time, else free ones.
        `settings`: broker settings beside ours. `secured`: clients need TLS and a user, and may do
        what they are granted; `security` then says how the operator connects. `progress` is told
        what takes a while.
        Raises MissingPart, DownloadFailed, PortTaken, FolderUnfit and NotReady.
        """
        tell = progress or _silent
        java = installed(cache, tell)
        identity = settle(folder.resolve(), brokers, ports)
        security = secrets(folder.resolve() / "secrets") if secured else None
        own = security.properties() if security else {}

        def node(seat: Seat) -> Node:
            home = folder.resolve() / f"node-{seat.number}"
            told = node_properties(seat, identity.seats, home / "data") | own | dict(settings or {})
            return Node(seat, told, home, java, HEAP_MB)

        cluster = cls([node(seat) for seat in identity.seats], security)
        tell(f"Starting Apache Kafka ({brokers} node{'s' if brokers > 1 else ''})")
        try:
            cluster._up(identity.cluster_id)
        except BaseException:
            cluster.stop(grace_s=0)
            raise
        return cluster

    def _up(self, cluster_id: str) -> None:
        user = self.security.first_user() if self.security else []
        with ThreadPoolExecutor(len(self.nodes)) as pool:
            list(pool.map(lambda node: node.prepare(cluster_id, user), self.nodes))
        for node in self.nodes:
            node.start()
        self.await_ready()

    @property
    def bootstrap(self) -> str:
        """Where clients begin: every node's `host:port`, with commas."""
        return ",".join(node.bootstrap for node in self.nodes)

    @property
    def connection(self) -> dict[str, Any]:
        """What kafka-python's clients take to connect; as the operator, where users are known."""
        credentials = self.security.operator if self.security else {}
        return {"bootstrap_servers": self.bootstrap, **credentials}

    def await_ready(self, within_s: float = READY_WITHIN_S) -> None:
        """Return once every node that runs serves clients; raises NotReady."""
        nodes = [node for node in self.nodes if node.pid is not None]
        await_ready(nodes, self.connection, within_s)

    def stop(self, grace_s: float = 15) -> None:
        """End every node, all at the same time; kill what still runs after the grace (seconds).

        What Kafka acknowledged is kept either way.
        """
        # The last of several would wait 5 s for a quorum that is gone; its data is closed by then.
        grace_s = grace_s if len(self.nodes) == 1 else min(grace_s, _WITHOUT_QUORUM_S)
        with ThreadPoolExecutor(len(self.nodes)) as pool:
            list(pool.map(lambda node: node.stop(grace_s), self.nodes))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def prepare(progress: Progress, cache: Path = CACHE) -> None:
    """Fetch Kafka and record its start archive, unless done before; a set-up's affair.

    Takes half a minute the first time on an idle machine, and makes every later start take a
    third of its time and half of its CPU. Raises MissingPart and DownloadFailed.
    """
    archive.ensure(installed(cache, progress), HEAP_MB, progress)


def _silent(_words: str) -> None:
    return
