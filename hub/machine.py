"""The whole hub on one machine: Kafka, topics, workers and connectors under one supervisor."""

import json
import sys
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import structlog

from hub import doors, settings_fields, wiring
from hub.broker.cluster import Cluster
from hub.errors import BrokerUnavailable
from hub.keeper import Change, Child
from hub.settings import Settings
from hub.streaming import topics
from hub.supervisor import Supervisor

Tell = Callable[[str], None]
"""Takes a line for whoever watches."""
LOOK_S = 1.0
SILENCE_S = 20.0
"""A worker gives a sign twice a second; without one for so long it is frozen."""
log = structlog.get_logger()


def start_kafka(
    settings: Settings, brokers: int, first_port: int | None, tell: Tell, *, secured: bool = False
) -> Cluster:
    """The embedded Kafka of the data folder; its nodes listen on ports from `first_port` on.

    Without it they listen where they did last time, else on free ports. `secured`: with TLS,
    users and grants.
    """
    ports = [first_port + number for number in range(brokers)] if first_port else None
    folder = kafka_folder(settings, secured=secured)
    return Cluster.start(folder, brokers, ports, tell, secured=secured)


def kafka_folder(settings: Settings, *, secured: bool = False) -> Path:
    """Where the embedded Kafka keeps its data; a secured one keeps its own."""
    return settings.data_folder / ("kafka-secured" if secured else "kafka")


def log_folder(settings: Settings) -> Path:
    """Where the processes of `up` write what they say."""
    return settings.data_folder / "logs"


def run_kafka(cluster: Cluster, stop: threading.Event) -> None:
    """Return when `stop` is set; raises BrokerUnavailable when a node ends by itself."""
    while not stop.wait(LOOK_S):
        if any(node.pid is None for node in cluster.nodes):
            remedy = "Its folder holds its logs; start it again when you know why."
            raise BrokerUnavailable("A node of Kafka ended by itself.", remedy=remedy)


def up(
    settings: Settings,
    given: Mapping[str, object],
    workers: int,
    tell: Tell,
    among: Collection[str] = doors.DOORS,
    beside: Collection[str] = (),
) -> Supervisor:
    """Make the topics; gives workers and connectors, to be started by `with` and kept running.

    `given`: the settings that stand neither in the environment nor in the file. Of the connectors
    `among` these, those that are configured. `beside`: further commands of `hub`.
    """
    apply_topics(settings)
    env = environment(given)
    children = [_worker(f"worker-{number}", env) for number in range(1, workers + 1)]
    for name, lacks in doors.configured(settings).items():
        if name not in among:
            continue
        if lacks:
            tell(f"{name} is left out: {lacks}.")
        else:
            children.append(Child(name, _hub("connect", name), env))
    children += [Child(name, _hub(name), env) for name in beside]
    return Supervisor(children, log_folder(settings), _told)


def desks(settings: Settings, told: Mapping[str, Mapping[str, object]]) -> Supervisor:
    """The back offices of these parties, to be started by `with` and kept running.

    `told`: of each party the settings that stand neither in the environment nor in the file.
    """
    children = [
        Child(f"web-{party}", _hub("connect", "web"), environment(given))
        for party, given in told.items()
    ]
    return Supervisor(children, log_folder(settings), _told)


def apply_topics(settings: Settings) -> None:
    """Make the topics on the broker as declared; says what only a person can mend."""
    connection = settings.kafka.kafka_python()
    declared = wiring.declared_topics(settings)
    plan = topics.plan(connection, declared, settings.topic_prefix, settings.replication)
    if not plan.is_empty:
        topics.apply(connection, plan)
        log.info("topics_applied", created=len(plan.creations), changed=len(plan.settings))
    for one in plan.impossible:
        log.warning("topic_differs", topic=one.topic, what=one.what, remedy=one.remedy)


def environment(given: Mapping[str, object]) -> dict[str, str]:
    """Settings as the variables of a child process."""
    return {
        settings_fields.variable(tuple(name.split("."))): _text(value)
        for name, value in given.items()
        if value is not None
    }


def _worker(name: str, env: Mapping[str, str]) -> Child:
    return Child(name, _hub("worker"), {**env, "HUB_WORKER__INSTANCE": name}, SILENCE_S)


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, list | tuple | dict) else str(value)


def _hub(*words: str) -> list[str]:
    return [sys.executable, "-m", "hub", *words]


def _told(change: Change) -> None:
    if change.status is None:
        log.info("process_started", process=change.name, pid=change.pid)
    else:
        again = {"again_in_s": change.again_in_s} if change.again_in_s else {}
        level = log.warning if again else log.info
        level("process_ended", process=change.name, status=change.status, **again)
