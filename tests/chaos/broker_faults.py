"""What can happen to the broker."""

import random
import signal
import time

from kafka import KafkaProducer

from hub.broker.node import Node
from schemas.topics import INPUTS
from tests.chaos.small_disk import SmallDisk
from tests.chaos.stage import Stage
from tests.support.running_hub import SESSION_TIMEOUT_S

ENDS_WITHIN_S = 60


def broker_kill(stage: Stage, chance: random.Random) -> None:
    """The broker is killed with -9 and comes back at once."""
    stage.meanwhile(chance.uniform(2, 4))
    _away(stage, 0)


def broker_away(stage: Stage, chance: random.Random) -> None:
    """The broker is killed with -9 and stays away for longer than any request may take."""
    stage.meanwhile(chance.uniform(1, 3))
    _away(stage, chance.uniform(25, 35))


def broker_rebalance(stage: Stage, chance: random.Random) -> None:
    """The broker is killed with -9 in the middle of a rebalance."""
    stage.meanwhile(chance.uniform(2, 3))
    stage.signal(chance.choice(stage.pids()), signal.SIGKILL)
    time.sleep(chance.uniform(SESSION_TIMEOUT_S - 1, SESSION_TIMEOUT_S + 2))
    _away(stage, 0)


def broker_full(stage: Stage, chance: random.Random) -> None:
    """The broker's disk is full and Kafka gives up; with space again it is started again."""
    stage.meanwhile(chance.uniform(2, 4))
    (node,) = stage.cluster.nodes
    disk = stage.prop(SmallDisk)
    with stage.outages.span():
        disk.fill()
        until = time.monotonic() + ENDS_WITHIN_S
        while node.pid is not None and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(chance.uniform(0, 5))
        disk.free()
        _return(stage, node)
    stage.wait_until_moving()


def delivery_timeout(stage: Stage, chance: random.Random) -> None:
    """The broker freezes under the workers' transactions: briefly, then past every time limit."""
    for seconds in (chance.uniform(1, 12), chance.uniform(22, 28)):
        stage.meanwhile(chance.uniform(1, 3))
        with stage.outages.span():
            stage.cluster.nodes[0].suspend()
            time.sleep(seconds)
            stage.cluster.nodes[0].resume()
        stage.wait_until_moving()


def open_transaction(stage: Stage, chance: random.Random) -> None:
    """A sender's transaction stays open for a while, is aborted, and must not be seen."""
    producer = KafkaProducer(
        bootstrap_servers=stage.cluster.bootstrap, transactional_id=f"{stage.prefix}left-open"
    )
    producer.init_transactions()
    producer.begin_transaction()
    for topic in INPUTS:
        name = stage.prefix + topic.name
        producer.send(name, key=b"case-x", value=b"never committed").get(timeout=10)
        stage.unreadable += 2  # the record and the mark of its end
    stage.meanwhile(chance.uniform(4, 6))
    producer.abort_transaction()
    producer.close()
    stage.meanwhile(chance.uniform(2, 3))


def one_of_three(stage: Stage, chance: random.Random) -> None:
    """One of three brokers is killed and comes back; two are enough (min.insync.replicas=2)."""
    node = chance.choice(stage.cluster.nodes)
    stage.meanwhile(chance.uniform(2, 3))
    node.kill()
    stage.meanwhile(chance.uniform(8, 10))
    _return(stage, node)
    stage.meanwhile(chance.uniform(4, 6))


def _away(stage: Stage, seconds: float) -> None:
    """Kill the broker, start it again after so long, and wait until events flow."""
    (node,) = stage.cluster.nodes
    with stage.outages.span():
        node.kill()
        time.sleep(seconds)
        _return(stage, node)
    stage.wait_until_moving()


def _return(stage: Stage, node: Node) -> None:
    """Start it again; it has returned when it serves."""
    node.start()
    stage.cluster.await_ready()
