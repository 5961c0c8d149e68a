"""Plays one fault on a hub and says what became of the events."""

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from hub.broker.cluster import Cluster
from tests.chaos.faults import FAULTS
from tests.chaos.quiet import Quiet, look
from tests.chaos.stage import Stage, settle, staged


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run."""

    fault: str
    seed: int
    sent: int
    lost: int
    repeated: int
    out_of_order: int
    unexpected: int
    recovered_s: float
    """The longest any event waited, from Kafka having it to the recipient reading it."""
    lag: int
    open_transactions: int
    restarts: int

    @property
    def is_right(self) -> bool:
        """Whether every promise held."""
        return self.sent > 0 and not any(
            (
                self.lost,
                self.repeated,
                self.out_of_order,
                self.unexpected,
                self.lag,
                self.open_transactions,
            )
        )


def play(fault: str, seed: int, cluster: Cluster, *, rate: int = 200) -> Outcome:
    """Run the fault with this seed on this cluster, with topics of its own."""
    chance = random.Random(f"{fault}-{seed}")
    prefix = f"c{seed}-{fault}-{int(time.time())}."
    with tempfile.TemporaryDirectory() as folder:
        with staged(cluster, prefix, seed, Path(folder), rate=rate) as stage:
            FAULTS[fault](stage, chance)
            settle(stage)
            quiet = _wait_until_quiet(stage)
        return _outcome(fault, seed, stage, quiet)


def _wait_until_quiet(stage: Stage, limit_s: float = 30) -> Quiet:
    """Lag 0 by the broker's own word and no transaction open, or what there is at the end."""
    until = time.monotonic() + limit_s
    while True:
        quiet = look({"bootstrap_servers": stage.cluster.bootstrap}, stage.group, stage.prefix)
        if (quiet.lag == 0 and quiet.open_transactions == 0) or time.monotonic() > until:
            return quiet
        time.sleep(0.5)


def _outcome(fault: str, seed: int, stage: Stage, quiet: Quiet) -> Outcome:
    verdict = stage.audit.verdict(stage.traffic.sent)
    return Outcome(
        fault=fault,
        seed=seed,
        sent=len(stage.traffic.sent),
        lost=verdict.lost,
        repeated=verdict.repeated,
        out_of_order=verdict.out_of_order,
        unexpected=verdict.unexpected,
        recovered_s=verdict.longest_wait_s,
        lag=quiet.lag,
        open_transactions=quiet.open_transactions,
        restarts=sum(change.status is not None for change in stage.ends),
    )
