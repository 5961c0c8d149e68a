"""`make bench`: the hub beside what an engineer would pick instead, measured in one run.

Example: make bench ARGS="--quick --only hub-complete quix -o json"
"""

import argparse
import json
import logging
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from tests.bench import environment
from tests.bench.comparison import compared
from tests.bench.contender import ROOT
from tests.bench.plan import EVERYTHING, Plan, planned
from tests.bench.report import show
from tests.bench.run import run

RESULTS: Final = Path(__file__).with_name("results")
LATEST: Final = RESULTS / "latest.json"


def main() -> int:
    """Measure, compare, keep, draw and print; 0 if all that is there came through."""
    asked = _asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left behind
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # new topics have no leader at first
    plan = planned(asked.quick, asked.rounds, asked.only)
    result = run(plan)
    against = asked.against or (LATEST if LATEST.exists() and not asked.quick else None)
    if against is not None:
        earlier = json.loads(against.read_text("utf-8"))
        result["ratio_to_earlier"] = compared(result, earlier)
    kept = _keep(result, plan)
    if asked.output == "json":
        sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    else:
        show(result, Console(width=max(130, Console().width)))
    sys.stderr.write(f"Kept as {kept} with plots beside it\n")
    return 1 if has_fault(result) else 0


def has_fault(figures: Mapping[str, Any]) -> bool:
    """Whether anything that was to be measured ended badly."""
    inner = (one for one in figures.values() if isinstance(one, Mapping))
    return "fault" in figures or any(has_fault(one) for one in inner)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    parser.add_argument("--only", nargs="+", choices=EVERYTHING, metavar="NAME", default=[])
    parser.add_argument("--quick", action="store_true", help="a small run, to see that it works")
    parser.add_argument("--rounds", type=int, help="how often each (default 3; quick: 1)")
    parser.add_argument("--against", type=Path, help="an earlier result; default: the latest kept")
    parser.epilog = f"NAMES: {', '.join(EVERYTHING)}"
    return parser.parse_args()


def _keep(result: dict[str, Any], plan: Plan) -> Path:
    """Write the result and its plots; a run that was not complete never replaces the latest."""
    folder = RESULTS if plan.is_complete else environment.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LATEST.name
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    script = Path(__file__).with_name("plot.py")
    drawing = [environment.ready(), script, path, path.with_suffix("")]
    subprocess.run([str(word) for word in drawing], check=True, stdout=sys.stderr)
    return path.relative_to(ROOT)


if __name__ == "__main__":
    sys.exit(main())
