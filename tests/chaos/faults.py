"""The faults: what each does, on what ground, with what props, and how soon it must be over."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import broker_faults, database_faults, stalling, worker_faults
from tests.chaos.poisoning import poison
from tests.chaos.site import Ground
from tests.chaos.stage import Dress, Stage

Props = Callable[[Path], AbstractContextManager[tuple[object, ...]]]
"""Gets a fault's props ready in a folder; one that cannot be had here is `missing`."""
PLAIN = Ground()
AFTER_A_KILL_S = 15
AFTER_A_RETURN_S = 20
AFTER_A_STALL_S = 60


@contextmanager
def nothing(_folder: Path) -> Iterator[tuple[object, ...]]:
    """No props."""
    yield ()


def as_they_are(_stage: Stage) -> Dress:
    """Nothing is changed."""
    return lambda child: child


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and what it needs."""

    play: Callable[[Stage, random.Random], None]
    """Plays it while events flow; its docstring says what it does."""
    within_s: float = AFTER_A_STALL_S
    """Longer than this no event may wait because of it."""
    ground: Ground = PLAIN
    workers: int = 2
    props: Props = nothing
    dress: Callable[[Stage], Dress] = as_they_are
    """How the workers' processes are made what the fault needs."""


FAULTS: dict[str, Fault] = {
    "kill": Fault(worker_faults.kill, AFTER_A_KILL_S),
    "term": Fault(worker_faults.term, AFTER_A_KILL_S),
    "freeze": Fault(worker_faults.freeze),
    "scale": Fault(worker_faults.scale),
    "stall": Fault(worker_faults.stall, workers=1, dress=lambda _stage: stalling.dress),
    "clock-jump": Fault(
        worker_faults.clock_jump, props=worker_faults.clock, dress=worker_faults.by_the_clock
    ),
    "broker-kill": Fault(broker_faults.broker_kill, AFTER_A_RETURN_S),
    "broker-away": Fault(broker_faults.broker_away, AFTER_A_RETURN_S),
    "broker-rebalance": Fault(broker_faults.broker_rebalance, AFTER_A_RETURN_S),
    "broker-full": Fault(broker_faults.broker_full, AFTER_A_RETURN_S, Ground(small_disk=True)),
    "delivery-timeout": Fault(broker_faults.delivery_timeout, AFTER_A_RETURN_S),
    "open-transaction": Fault(broker_faults.open_transaction),
    "one-of-three": Fault(broker_faults.one_of_three, ground=Ground(brokers=3)),
    "poison": Fault(poison),
    "database": Fault(database_faults.database, props=database_faults.postgres),
    "database-full": Fault(database_faults.database_full, props=database_faults.sqlite),
}
