"""A hub under test: a real Kafka, worker processes with their supervisors, traffic and audit."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from hub.broker.cluster import Cluster
from hub.keeper import Change
from hub.party_file import load_parties
from hub.supervisor import Supervisor
from schemas.topics import LEDGER, delivery_topic
from tests.chaos.audit import Audit
from tests.chaos.traffic import Traffic
from tests.support.running_hub import GROUP, declare_topics, worker


class Stage:
    """Everything a fault can be played on."""

    def __init__(self, cluster: Cluster, prefix: str, seed: int, folder: Path, rate: int) -> None:
        """Make the topics; nothing runs yet."""
        self.cluster = cluster
        self.prefix = prefix
        self.folder = folder
        self.group = prefix + GROUP
        self.ends: list[Change] = []
        self._workers: dict[str, Supervisor] = {}
        parties = [party.id for party in load_parties().party]
        declare_topics(cluster.bootstrap, prefix, len(cluster.nodes))
        read = [prefix + delivery_topic(party).name for party in parties]
        self.traffic = Traffic(cluster.bootstrap, prefix, seed, rate)
        self.audit = Audit(cluster.bootstrap, [*read, prefix + LEDGER.name])

    def scale(self, count: int) -> None:
        """Have so many workers."""
        while len(self._workers) > count:
            self._workers.popitem()[1].stop()
        while len(self._workers) < count:
            name = f"worker-{len(self._workers) + 1}"
            child = worker(name, self.cluster.bootstrap, self.prefix)
            supervisor = Supervisor([child], self.folder, self.ends.append)
            supervisor.start()
            self._workers[name] = supervisor

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
