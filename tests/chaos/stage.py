"""A hub under test: a real Kafka, worker processes with their supervisors, traffic and audit."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from hub.broker.cluster import Cluster
from hub.keeper import Change, Child
from hub.party_file import load_parties
from hub.processors import ALL
from hub.streaming import topics
from hub.supervisor import Supervisor
from schemas.topics import LEDGER, delivery_topic, every_topic
from tests.chaos.audit import Audit
from tests.chaos.traffic import Traffic

SESSION_TIMEOUT_S = 6


class Stage:
    """Everything a fault can be played on."""

    def __init__(self, cluster: Cluster, prefix: str, seed: int, folder: Path, rate: int) -> None:
        """Make the topics; nothing runs yet."""
        self.cluster = cluster
        self.prefix = prefix
        self.folder = folder
        self.group = f"{prefix}hub"
        self.ends: list[Change] = []
        self._workers: dict[str, Supervisor] = {}
        parties = [party.id for party in load_parties().party]
        declared = list(every_topic(parties, [(p.NAME, p.SOURCE) for p in ALL]))
        connection = {"bootstrap_servers": cluster.bootstrap}
        replication = len(cluster.nodes)
        topics.apply(connection, topics.plan(connection, declared, prefix, replication))
        read = [prefix + delivery_topic(party).name for party in parties]
        self.traffic = Traffic(cluster.bootstrap, prefix, seed, rate)
        self.audit = Audit(cluster.bootstrap, [*read, prefix + LEDGER.name])

    def scale(self, count: int) -> None:
        """Have so many workers."""
        while len(self._workers) > count:
            self._workers.popitem()[1].stop()
        while len(self._workers) < count:
            name = f"worker-{len(self._workers) + 1}"
            argv = [
                sys.executable,
                "-c",
                "from hub.origins import load; from hub.wiring import work; work(load())",
            ]
            worker = Supervisor([Child(name, argv, self._env())], self.folder, self.ends.append)
            worker.start()
            self._workers[name] = worker

    def pids(self) -> list[int]:
        """The workers' processes."""
        return [pid for worker in self._workers.values() for pid in worker.pids().values()]

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Send a signal to a process, if it is still there."""
        if psutil.pid_exists(pid):
            os.kill(pid, number)

    def wait_until_moving(self, limit_s: float = 60) -> None:
        """Return when something sent from now on has arrived."""
        before = len(self.traffic.sent)
        self.traffic.wait_for(before + 1, limit_s)
        self.audit.wait_for(self.traffic.sent[before : before + 1], limit_s)

    def stop(self) -> None:
        """End all workers."""
        threads = [threading.Thread(target=worker.stop) for worker in self._workers.values()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _env(self) -> dict[str, str]:
        return {
            "HUB_KAFKA__BOOTSTRAP": self.cluster.bootstrap,
            "HUB_TOPIC_PREFIX": self.prefix,
            "HUB_WORKER__GROUP": "hub",
            "HUB_WORKER__SESSION_TIMEOUT_S": str(SESSION_TIMEOUT_S),
            "HUB_LOG__LEVEL": "INFO",
            "NO_COLOR": "1",
        }


@contextmanager
def staged(
    cluster: Cluster, prefix: str, seed: int, folder: Path, *, rate: int = 200, workers: int = 2
) -> Iterator[Stage]:
    """A hub that is moving events; ended on the way out."""
    stage = Stage(cluster, prefix, seed, folder, rate)
    try:
        stage.audit.start()
        stage.scale(workers)
        stage.traffic.start()
        stage.wait_until_moving()
        yield stage
    finally:
        stage.stop()


def settle(stage: Stage, limit_s: float = 90) -> None:
    """Stop the traffic and wait until all of it has arrived, or the limit is over."""
    stage.traffic.finish()
    stage.audit.wait_for(stage.traffic.sent, limit_s)
    time.sleep(1.0)  # whatever comes twice comes now
    stage.audit.finish()
