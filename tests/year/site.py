"""Where a year is played: a Kafka, workers and a ledger's sink that all live by one clock.

Kafka runs in a Java whose wall clock is turned, like the workers', by libfaketime; the monotonic
clock, by which sessions and time limits are counted, stays as it is. So what the broker stamps and
what the workers ring is scripted time, and nothing of the hub is replaced.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from unittest import mock

from connectors.runner.publisher import Publisher
from hub.broker.cluster import Cluster
from hub.broker.errors import DownloadFailed
from hub.errors import MissingPart
from hub.keeper import Change, Child, Patience
from hub.machine import SILENCE_S
from hub.party_file import load_parties
from hub.supervisor import Supervisor
from schemas.topics import LANE_OFFERS, LEDGER, delivery_topic
from tests.chaos.clock import Clock
from tests.chaos.quiet import members
from tests.support.parts import missing
from tests.support.running_hub import GROUP, declare_topics, worker
from tests.support.waiting import until
from tests.year.listening import Listening
from tests.year.offices import registry

PREFIX: Final = "year."
SOON: Final = Patience(first_s=0.2, most_s=1)
"""A killed worker is back at once: it is killed again and again."""
START_WITHIN_S: Final = 180


@dataclass(frozen=True, slots=True)
class Site:
    """A hub that lives by the clock."""

    folder: Path
    clock: Clock
    workers: Supervisor
    publish: Publisher
    listening: Listening
    connection: Mapping[str, str]
    env: Mapping[str, str]
    """The settings of every hub command here."""
    changes: list[Change] = field(default_factory=list)
    """When workers started and ended."""

    @property
    def group(self) -> str:
        """The workers' consumer group."""
        return PREFIX + GROUP

    def pids(self) -> list[int]:
        """The workers' processes."""
        return list(self.workers.pids().values())


@contextmanager
def site(folder: Path, clock: Clock, workers: int) -> Iterator[Site]:
    """Everything running, at the time of the clock; a part that cannot be had is `missing`."""
    parties = folder / "parties.toml"
    parties.write_text(registry(), "utf-8")
    changes: list[Change] = []
    with ExitStack() as parts:
        kafka = parts.enter_context(_kafka(folder / "kafka", clock))
        env = {
            "HUB_KAFKA__BOOTSTRAP": kafka.bootstrap,
            "HUB_TOPIC_PREFIX": PREFIX,
            "HUB_WORKER__GROUP": GROUP,
            "HUB_PARTIES": str(parties),
            "HUB_LEDGER__DATABASE": f"sqlite:///{folder / 'ledger.sqlite'}",
            "NO_COLOR": "1",
        }
        declare_topics(kafka.bootstrap, PREFIX, registry=parties)
        connection = {"bootstrap_servers": kafka.bootstrap}
        read = [PREFIX + delivery_topic(party.id).name for party in load_parties(parties).party]
        read += [PREFIX + topic.name for topic in (LEDGER, LANE_OFFERS)]
        listening = Listening(kafka.bootstrap, read)
        listening.start()
        parts.callback(listening.stopping.set)
        children = [
            clock.dress(_worker(f"worker-{nth}", kafka.bootstrap, env))
            for nth in range(1, workers + 1)
        ]
        running = Supervisor(children, folder / "logs", changes.append, SOON)
        parts.enter_context(running)
        parts.enter_context(_ledger(env, folder))
        publish = parts.enter_context(closing(Publisher(connection, PREFIX)))
        there = Site(folder, clock, running, publish, listening, connection, env, changes)
        until(lambda: members(connection, there.group) == workers, START_WITHIN_S)
        yield there


@contextmanager
def _kafka(folder: Path, clock: Clock) -> Iterator[Cluster]:
    try:
        with mock.patch.dict(os.environ, clock.env):
            started = Cluster.start(folder)
    except (MissingPart, DownloadFailed) as error:
        missing("Apache Kafka", f"{error}; {error.remedy}")
    with started:
        yield started


def _worker(name: str, bootstrap: str, env: Mapping[str, str]) -> Child:
    child = worker(name, bootstrap, PREFIX)
    return replace(child, env={**child.env, **env}, silence_s=SILENCE_S)


def _ledger(env: Mapping[str, str], folder: Path) -> Supervisor:
    """The real sink that keeps the ledger in tables."""
    argv = [sys.executable, "-m", "hub", "connect", "ledger"]
    return Supervisor([Child("ledger", argv, env)], folder / "logs", lambda _change: None)
