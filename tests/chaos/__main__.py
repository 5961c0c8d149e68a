"""`make chaos`: plays faults with seeds that are printed; exit 0 only if every promise held.

Example: make chaos ARGS="--seeds 3 --fault kill -o json"
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest

from hub import log
from tests.chaos.faults import FAULTS
from tests.chaos.outcome import Outcome
from tests.chaos.run import play
from tests.chaos.site import Ground, Site, site

LOGS: Final = Path(".kurze-wege/chaos")
MISSING: Final = (pytest.skip.Exception, pytest.fail.Exception)
"""What `tests.support.parts.missing` raises."""
Run = tuple[str, int]
"""A fault and a seed."""


def main() -> int:
    """Play every fault asked for with every seed."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--fault", action="append", choices=sorted(FAULTS), help="default: all")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, from --seed on")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--rate", type=int, default=200, help="events per second")
    parser.add_argument("--trusted", action="store_true", help="events signed and encrypted")
    parser.add_argument("--list", action="store_true", help="say what each fault does, play none")
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    asked = parser.parse_args()
    log.set_up(level="WARNING")  # to stderr: stdout has one object per run
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # with all processes and disks put away
    faults = asked.fault or sorted(FAULTS)
    if asked.list:
        for name in faults:
            sys.stdout.write(f"{name:18}{(FAULTS[name].play.__doc__ or '').splitlines()[0]}\n")
        return 0
    seeds = range(asked.seed, asked.seed + asked.seeds)
    right = [
        _played(ground, runs, asked)
        for ground, runs in _by_ground([(fault, seed) for fault in faults for seed in seeds])
    ]
    return 0 if all(right) else 1


def _by_ground(runs: Sequence[Run]) -> Iterator[tuple[Ground, list[Run]]]:
    """Runs that may share a Kafka; a small disk is full of the run before."""
    for ground in dict.fromkeys(FAULTS[fault].ground for fault, _ in runs):
        here = [run for run in runs if FAULTS[run[0]].ground == ground]
        if ground.small_disk:
            yield from ((ground, [run]) for run in here)
        else:
            yield ground, here


def _played(ground: Ground, runs: Sequence[Run], asked: argparse.Namespace) -> bool:
    """Whether all of these runs were right, on one Kafka."""
    with ExitStack() as parts:
        try:
            folder = parts.enter_context(tempfile.TemporaryDirectory())
            there = parts.enter_context(site(ground, Path(folder)))
        except MISSING as missing:
            return _not_played(dict(runs), missing.msg)
        right = [_play(fault, seed, there, asked) for fault, seed in runs]
        return all(right)


def _play(fault: str, seed: int, there: Site, asked: argparse.Namespace) -> bool:
    try:
        outcome = play(fault, seed, there, rate=asked.rate, trusted=asked.trusted, keep=_keep_logs)
    except MISSING as missing:
        return _not_played([fault], missing.msg)
    except Exception:  # noqa: BLE001 - the other runs are played all the same
        return _not_played([fault], traceback.format_exc())
    _print(outcome, asked.output)
    return outcome.is_right


def _not_played(faults: Iterable[str], why: str | None) -> bool:
    sys.stderr.write(f"Not played: {', '.join(faults)}. {why}\n")
    return False


def _print(outcome: Outcome, output: str) -> None:
    if output == "json":
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
    else:
        words = "  ".join(f"{name} {value}" for name, value in asdict(outcome).items())
        sys.stdout.write(f"{'ok  ' if outcome.is_right else 'FAIL'}  {words}\n")
    sys.stdout.flush()


def _keep_logs(fault: str, seed: int, folder: Path) -> None:
    place = LOGS / f"{fault}-{seed}"
    place.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.log"):
        shutil.copy(file, place)
    sys.stderr.write(f"The processes' logs are in {place}\n")


if __name__ == "__main__":
    sys.exit(main())
