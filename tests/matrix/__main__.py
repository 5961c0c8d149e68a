"""`make matrix`: who may do what, as declared and as found from outside; exit 0 if they match.

Example: make matrix ARGS="-o json"
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from hub import log
from hub.party_file import load_parties
from tests.matrix.cell import outcome
from tests.matrix.run import cells

SHOWN = 50
"""So many mismatches stand in the table."""


def main() -> int:
    """Try everything, print how many cells were checked and how many do not match."""
    asked = _asked()
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        del os.environ[name]  # the settings of whoever runs it
    log.set_up(level="WARNING", foreign_level="CRITICAL")  # to stderr: stdout has the result
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left behind
    parties = [*load_parties().by_id][: asked.parties]
    with tempfile.TemporaryDirectory() as folder:
        found = outcome(cells(Path(folder), parties, _tell))
    if asked.output == "json":
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_table(found))
    return 0 if found["checked"] and not found["mismatched"] else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make matrix", description=__doc__)
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    parser.add_argument("--parties", type=int, help="only so many of the registry; default: all")
    return parser.parse_args()


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _table(found: dict[str, Any]) -> str:
    lines = [f"{kind:14}{count:8}" for kind, count in sorted(found["kinds"].items())]
    lines += [f"{'checked':14}{found['checked']:8}", f"{'mismatched':14}{found['mismatched']:8}"]
    lines += [
        f"{one['who']}: {one['action']} {one['where']}: declared {one['declared']}, "
        f"found {one['found']}"
        for one in found["mismatches"][:SHOWN]
    ]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
