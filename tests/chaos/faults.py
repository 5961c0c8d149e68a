"""The faults, each a function that plays it on a stage while events flow."""

import random
import signal
import time
from collections.abc import Callable

from kafka import KafkaProducer

from hub.processors import ALL
from tests.chaos.stage import Stage
from tests.support.running_hub import SESSION_TIMEOUT_S

Fault = Callable[[Stage, random.Random], None]


def _meanwhile(stage: Stage, chance: random.Random, low_s: float, high_s: float) -> None:
    """Let events flow for a while: so many are sent before the fault goes on."""
    more = int(chance.uniform(low_s, high_s) * stage.traffic.rate)
    stage.traffic.wait_for(len(stage.traffic.sent) + more)


def kill(stage: Stage, chance: random.Random) -> None:
    """A worker is killed with -9, twice, in the middle of whatever it is doing."""
    for _ in range(2):
        _meanwhile(stage, chance, 1, 4)
        stage.signal(chance.choice(stage.pids()), signal.SIGKILL)
        _meanwhile(stage, chance, 6, 10)


def term(stage: Stage, chance: random.Random) -> None:
    """A worker is told to stop, three times; its supervisor starts it again."""
    for _ in range(3):
        _meanwhile(stage, chance, 1, 4)
        stage.signal(chance.choice(stage.pids()), signal.SIGTERM)
        _meanwhile(stage, chance, 3, 5)


def freeze(stage: Stage, chance: random.Random) -> None:
    """A worker sleeps beyond its session and wakes up as a zombie."""
    _meanwhile(stage, chance, 1, 4)
    pid = chance.choice(stage.pids())
    stage.signal(pid, signal.SIGSTOP)
    _meanwhile(stage, chance, SESSION_TIMEOUT_S + 4, SESSION_TIMEOUT_S + 8)
    stage.signal(pid, signal.SIGCONT)
    _meanwhile(stage, chance, 4, 6)


def scale(stage: Stage, chance: random.Random) -> None:
    """Workers come and go: one, three, one."""
    for count in (1, 3, 1):
        stage.scale(count)
        _meanwhile(stage, chance, 6, 9)


def broker_kill(stage: Stage, chance: random.Random) -> None:
    """The broker is killed with -9 and comes back at once."""
    _meanwhile(stage, chance, 2, 4)
    node = stage.cluster.nodes[0]
    node.kill()
    node.start()
    stage.cluster.await_ready()
    _meanwhile(stage, chance, 6, 8)


def broker_rebalance(stage: Stage, chance: random.Random) -> None:
    """The broker is killed with -9 in the middle of a rebalance."""
    _meanwhile(stage, chance, 2, 3)
    stage.signal(chance.choice(stage.pids()), signal.SIGKILL)
    time.sleep(chance.uniform(SESSION_TIMEOUT_S - 1, SESSION_TIMEOUT_S + 2))
    broker_kill(stage, chance)


def poison(stage: Stage, chance: random.Random) -> None:
    """Records that are no events lie among the events; none stops a lane."""
    producer = KafkaProducer(bootstrap_servers=stage.cluster.bootstrap)
    try:
        for nth in range(40):
            topic = stage.prefix + chance.choice(ALL).SOURCE.name
            producer.send(topic, **_poisoned(chance, nth))
            if nth % 10 == 0:
                _meanwhile(stage, chance, 0.2, 0.5)
        producer.flush()
    finally:
        producer.close()
    _meanwhile(stage, chance, 2, 3)


def _poisoned(chance: random.Random, nth: int) -> dict[str, object]:
    shapes: list[dict[str, object]] = [
        {"value": None, "key": b"case-x"},
        {"value": b"", "headers": [("ce_type", b"referral.requested.v1")]},
        {"value": chance.randbytes(300), "key": chance.randbytes(9)},
        {"value": b"[" * 50_000, "headers": [("content-type", b"application/cloudevents+json")]},
        {"value": b"{}", "headers": [("ce_id", b"\xff\xfe"), ("ce_source", b"//kurze-wege/x")]},
        {"value": b"x" * 200_000, "key": b"k"},
        {"value": b'{"a": NaN}', "headers": [("ce_type", b"no.such-type.v9")]},
    ]
    return shapes[nth % len(shapes)]


def open_transaction(stage: Stage, chance: random.Random) -> None:
    """A sender's transaction stays open for a while, is aborted, and must not be seen."""
    producer = KafkaProducer(
        bootstrap_servers=stage.cluster.bootstrap, transactional_id=f"{stage.prefix}left-open"
    )
    producer.init_transactions()
    producer.begin_transaction()
    for topic in {stage.prefix + p.SOURCE.name for p in ALL}:
        producer.send(topic, key=b"case-x", value=b"never committed").get(timeout=10)
    _meanwhile(stage, chance, 4, 6)
    producer.abort_transaction()
    producer.close()
    _meanwhile(stage, chance, 2, 3)


def one_of_three(stage: Stage, chance: random.Random) -> None:
    """One of three brokers is killed and comes back; two are enough (min.insync.replicas=2)."""
    node = chance.choice(stage.cluster.nodes)
    _meanwhile(stage, chance, 2, 3)
    node.kill()
    _meanwhile(stage, chance, 8, 10)
    node.start()
    stage.cluster.await_ready()
    _meanwhile(stage, chance, 4, 6)


FAULTS: dict[str, Fault] = {
    "kill": kill,
    "term": term,
    "freeze": freeze,
    "scale": scale,
    "broker-kill": broker_kill,
    "broker-rebalance": broker_rebalance,
    "poison": poison,
    "open-transaction": open_transaction,
    "one-of-three": one_of_three,
}
BROKERS = {"one-of-three": 3}
"""How many brokers a fault needs, if not one."""
