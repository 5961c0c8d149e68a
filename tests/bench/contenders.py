"""THE list of contenders; the hub first."""

import sys
from typing import Final

from hub.keeper import Child
from hub.settings import Worker
from tests.bench import environment, streams
from tests.bench.contender import Contender
from tests.bench.encrypted import encrypted, with_vault
from tests.bench.outputs import DELIVERY
from tests.bench.signing import signed, with_keys
from tests.bench.stage import Placed, Stage
from tests.support.running_hub import worker

BATCH: Final = Worker().batch_events
"""How many events each may take at once: the hub's own default."""


def hub(stage: Stage, number: int = 0) -> Child:
    """The real command; workers of one group have different numbers."""
    child = worker(f"hub-{number}", stage.bootstrap, stage.prefix)
    return Child(child.name, child.argv, {**child.env, **_parties(stage)})


def both(stage: Stage, records: Placed) -> Placed:
    """The records encrypted, then signed, as the doors do."""
    return signed(stage, encrypted(stage, records))


def hub_one_output(stage: Stage) -> Child:
    """The real command with minimal processors."""
    child = hub(stage)
    return Child("one-output", [sys.executable, "-m", "tests.bench.one_output"], child.env)


def _parties(stage: Stage) -> dict[str, str]:
    return {"HUB_PARTIES": str(stage.parties_file)} if stage.parties_file else {}


def _peer(module: str, stage: Stage, batch: int = BATCH) -> Child:
    python = str(environment.ready())
    given = {
        "bootstrap": stage.bootstrap,
        "prefix": stage.prefix,
        "group": stage.group,
        "batch": str(batch),
    }
    words = [word for name, value in given.items() for word in (f"--{name}", value)]
    return Child(module, [python, "-m", f"tests.bench.peers.{module}", *words])


ALL: Final = (
    Contender(
        "hub-complete",
        "hub worker: authorise, route, deliver, receipt, ledger",
        hub,
        exactly_once=True,
        outputs=(DELIVERY, "receipt", "ledger"),
    ),
    Contender(
        "hub-complete-signed",
        "the same with signatures checked and outputs sealed",
        lambda stage: with_keys(stage, hub(stage)),
        exactly_once=True,
        outputs=(DELIVERY, "receipt", "ledger"),
        dress=signed,
    ),
    Contender(
        "hub-complete-encrypted",
        "the same, every event opened and every delivery encrypted with its case's own key",
        lambda stage: with_vault(stage, hub(stage)),
        exactly_once=True,
        outputs=(DELIVERY, "receipt", "ledger"),
        dress=encrypted,
    ),
    Contender(
        "hub-complete-signed-encrypted",
        "both",
        lambda stage: with_keys(stage, with_vault(stage, hub(stage))),
        exactly_once=True,
        outputs=(DELIVERY, "receipt", "ledger"),
        dress=both,
    ),
    Contender("hub-one-output", "the same lanes, one output", hub_one_output, exactly_once=True),
    Contender(
        "aiokafka",
        "aiokafka alone, a transaction per batch",
        lambda stage: _peer("aiokafka_alone", stage),
        exactly_once=True,
    ),
    Contender(
        "quix",
        "Quix Streams, exactly-once, a checkpoint every 5 s as shipped",
        lambda stage: _peer("quix", stage, batch=0),
        exactly_once=True,
    ),
    Contender(
        "quix-batches",
        f"the same, a checkpoint every {BATCH:,} events",
        lambda stage: _peer("quix", stage),
        exactly_once=True,
    ),
    Contender(
        "kafka-streams",
        "Kafka Streams (Java), exactly_once_v2, one thread",
        streams.child,
        exactly_once=True,
    ),
    Contender(
        "kafka-python",
        "kafka-python alone, at least once",
        lambda stage: _peer("kafka_python_alone", stage),
        exactly_once=False,
    ),
    Contender(
        "faststream",
        "FastStream, at least once",
        lambda stage: _peer("faststream_batches", stage),
        exactly_once=False,
    ),
    Contender(
        "faust",
        "Faust as shipped, at_least_once",
        lambda stage: _peer("faust_as_shipped", stage),
        exactly_once=False,
    ),
)
BY_NAME: Final = {contender.name: contender for contender in ALL}
