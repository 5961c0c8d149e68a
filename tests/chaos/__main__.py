"""`make chaos`: plays faults with seeds that are printed; exit 0 only if every promise held.

Example: make chaos ARGS="--seeds 3 --fault kill -o json"
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from hub.broker.cluster import Cluster
from tests.chaos.faults import BROKERS, FAULTS
from tests.chaos.run import Outcome, play


def main() -> int:
    """Play every fault asked for with every seed."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--fault", action="append", choices=sorted(FAULTS), help="default: all")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, from --seed on")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--rate", type=int, default=200, help="events per second")
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    asked = parser.parse_args()
    faults = asked.fault or sorted(FAULTS)
    right = True
    for brokers in sorted({BROKERS.get(fault, 1) for fault in faults}):
        with (
            tempfile.TemporaryDirectory() as folder,
            Cluster.start(Path(folder) / "kafka", brokers) as cluster,
        ):
            for fault in (each for each in faults if BROKERS.get(each, 1) == brokers):
                for seed in range(asked.seed, asked.seed + asked.seeds):
                    outcome = play(fault, seed, cluster, rate=asked.rate)
                    right = right and outcome.is_right
                    _print(outcome, asked.output)
    return 0 if right else 1


def _print(outcome: Outcome, output: str) -> None:
    if output == "json":
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
    else:
        words = "  ".join(f"{name} {value}" for name, value in asdict(outcome).items())
        sys.stdout.write(f"{'ok  ' if outcome.is_right else 'FAIL'}  {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
