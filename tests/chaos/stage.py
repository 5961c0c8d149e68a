"""A hub under test: a real Kafka, worker processes with their supervisors, traffic and audit."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import psutil

from hub.broker.cluster import Cluster
from hub.keeper import Change, Child
from hub.machine import SILENCE_S
from hub.party_file import load_parties
from hub.supervisor import Supervisor
from schemas.topics import LANE_OFFERS, LEDGER, delivery_topic
from tests.chaos.audit import Audit
from tests.chaos.inbox import Inbox
from tests.chaos.quiet import members
from tests.chaos.traffic import Sent, Traffic
from tests.chaos.trust import Recipient, Told
from tests.chaos.waits import Outages
from tests.support.running_hub import GROUP, declare_topics, worker

Dress = Callable[[Child], Child]
"""Makes a worker's process what a fault needs."""
Prop = TypeVar("Prop")
PATIENCE_S: Final = 60
START_WITHIN_S: Final = 180


class Stage:
    """Everything a fault can be played on."""

    def __init__(
        self,
        cluster: Cluster,
        prefix: str,
        seed: int,
        folder: Path,
        rate: int,
        *,
        trusted: bool = False,
    ) -> None:
        """Make the topics; nothing runs yet. `trusted`: events are signed and encrypted."""
        self.cluster = cluster
        self.prefix = prefix
        self.folder = folder
        self.group = prefix + GROUP
        self.outages = Outages()
        """When the broker was away."""
        self.misplaced: list[Sent] = []
        """Events the fault put on a wrong topic: each must be refused."""
        self.unreadable = 0
        """Offsets used by what a committed reader does not see: aborted records and marks."""
        self.changes: list[Change] = []
        """What the workers' supervisors said."""
        self.props: Sequence[object] = ()
        """What the fault plays with, beside the broker and the workers."""
        self.dress: Dress = lambda child: child
        self.connection = {"bootstrap_servers": cluster.bootstrap}
        self._workers: dict[str, Supervisor] = {}
        parties = [party.id for party in load_parties().party]
        declare_topics(cluster.bootstrap, prefix, len(cluster.nodes))
        read = [prefix + delivery_topic(party).name for party in parties]
        self.told = Told.of(cluster.bootstrap, prefix, folder, trusted=trusted)
        """What every process of the run is told."""
        self.traffic = Traffic(self.told.settings, seed, rate)
        self.audit = Audit(
            cluster.bootstrap,
            [*read, *(prefix + topic.name for topic in (LEDGER, LANE_OFFERS))],
            Recipient(self.told.settings),
        )

    def prop(self, kind: type[Prop]) -> Prop:
        """The one prop of this kind; raises StopIteration where the fault did not ask for it."""
        return next(prop for prop in self.props if isinstance(prop, kind))

    @property
    def inboxes(self) -> list[Inbox]:
        """Inbox tables that are filled; most faults have none."""
        return [prop for prop in self.props if isinstance(prop, Inbox)]

    @property
    def sent(self) -> list[Sent]:
        """Every event on its way, whoever sent it."""
        return [*self.traffic.sent, *self.misplaced]

    def scale(self, count: int) -> None:
        """Have so many workers."""
        while len(self._workers) > count:
            self._workers.popitem()[1].stop()
        while len(self._workers) < count:
            name = f"worker-{len(self._workers) + 1}"
            child = worker(name, self.cluster.bootstrap, self.prefix)
            env = {**child.env, **self.told.env}
            watched = self.dress(replace(child, env=env, silence_s=SILENCE_S))
            supervisor = Supervisor([watched], self.folder, self.changes.append)
            supervisor.start()
            self._workers[name] = supervisor

    def wait_until_complete(self) -> None:
        """Return when every worker has its share of the lanes; raises TimeoutError."""
        until = time.monotonic() + START_WITHIN_S
        while members(self.connection, self.group) != len(self._workers):
            if time.monotonic() > until:
                raise TimeoutError(f"the workers do not come together: {self.changes[-2:]}")
            time.sleep(0.2)

    def pids(self) -> list[int]:
        """The workers' processes."""
        return [pid for worker in self._workers.values() for pid in worker.pids().values()]

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Send a signal to a process, if it is still there."""
        if psutil.pid_exists(pid):
            os.kill(pid, number)

    def meanwhile(self, seconds: float) -> None:
        """Let events flow for a while: so many are sent before the fault goes on."""
        more = int(seconds * self.traffic.rate)
        self.traffic.wait_for(len(self.traffic.sent) + more, seconds + PATIENCE_S)

    def wait_until_moving(self) -> None:
        """Return when all that was sent so far has arrived, and more is being sent."""
        self.traffic.wait_for(len(self.traffic.sent) + 1, PATIENCE_S)
        self.audit.wait_for(self.sent, PATIENCE_S)

    def wait_until_replaced(self, pid: int, limit_s: float = 90) -> None:
        """Return when this worker has ended and another runs for it, or after the limit."""
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            pids = [change.pid for change in self.changes if change.status is None]
            if pids[-1] != pid:
                return
            time.sleep(0.1)

    def stop(self) -> None:
        """End all workers."""
        threads = [threading.Thread(target=worker.stop) for worker in self._workers.values()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
