"""A scripted year of the district on a real Kafka, in accelerated time, judged to the last event.

Prints what became of it; exit code 0 only if all is as it should be, 1 if not, 2 if called wrongly.

Examples: make year
          make year ARGS="-o json"
          make year ARGS="--kill -o json"
          make year ARGS="--days 30 --seed 7"
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest

from tests.year.outcome import Outcome
from tests.year.progress import Progress
from tests.year.run import play
from tests.year.script.script import YEAR, Plan, write

LOGS: Final = Path(".kurze-wege/year")
MISSING: Final = (pytest.skip.Exception, pytest.fail.Exception)
"""What `tests.support.parts.missing` raises."""
KILL_EVERY: Final = 12


def main() -> int:
    """Play the year asked for."""
    asked = _asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # with all processes put away
    progress = Progress()
    progress.say("The script is written, and what must become of it.")
    script = write(_plan(asked))
    kill_every = asked.kill_every if asked.kill else 0
    with tempfile.TemporaryDirectory() as name:
        folder, outcome = Path(name), None
        try:
            outcome = play(
                script,
                folder,
                workers=asked.workers,
                kill_every=kill_every,
                progress=progress,
            )
        except MISSING as missing:
            sys.stderr.write(f"Not played. {missing.msg}\n")
            return 1
        finally:
            if outcome is None or not outcome.is_right:
                _keep_logs(folder, asked.seed)
    _print(outcome, asked.output)
    return 0 if outcome.is_right else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make year",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="default: 1")
    for name, usual in (("days", YEAR), ("workers", 2)):
        what = f"default: {usual}"
        parser.add_argument(f"--{name}", metavar="N", type=_positive, default=usual, help=what)
    for name in ("referrals", "moves", "offers"):
        what = "cases; default: what falls into the days"
        parser.add_argument(f"--{name}", metavar="N", type=_positive, help=what)
    parser.add_argument("--kill", action="store_true", help="kill -9 workers all along")
    parser.add_argument(
        "--kill-every",
        type=_positive,
        default=KILL_EVERY,
        metavar="N",
        help=f"at every Nth tick (a working day has 24); default: {KILL_EVERY}",
    )
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    return parser.parse_args()


def _positive(word: str) -> int:
    if not word.isdigit() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is no number from 1 on")
    return int(word)


def _plan(asked: argparse.Namespace) -> Plan:
    usual = Plan(seed=asked.seed).of_the_first(asked.days)
    return Plan(
        asked.seed,
        asked.days,
        asked.referrals or usual.referrals,
        asked.moves or usual.moves,
        asked.offers or usual.offers,
    )


def _print(outcome: Outcome, output: str) -> None:
    found = asdict(outcome)
    if output == "json":
        sys.stdout.write(json.dumps(found) + "\n")
        return
    standing = found.pop("standing")
    for name, value in (*found.items(), *standing.items()):
        sys.stdout.write(f"{name:36}{value}\n")
    sys.stdout.write(f"{'all as it should be' if outcome.is_right else 'NOT as it should be'}\n")


def _keep_logs(folder: Path, seed: int) -> None:
    place = LOGS / str(seed)
    place.mkdir(parents=True, exist_ok=True)
    for log in (*folder.glob("logs/*.log"), *folder.glob("kafka/*/*.log")):
        shutil.copy(log, place)
    sys.stderr.write(f"The processes' logs are in {place}\n")


if __name__ == "__main__":
    sys.exit(main())
