"""`make bench-lag`: who tells the truth about lag, scene by scene, on a real Kafka.

Example: make bench-lag ARGS="-o json"
"""

import argparse
import json
import os
import signal
import sys

from tests.bench_lag.place import RESULTS
from tests.bench_lag.report import table
from tests.bench_lag.run import run
from tests.bench_lag.scenes import ALL


def main() -> int:
    """Play, ask, keep and print; 0 if the hub was right in every scene."""
    asked = _asked()
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        del os.environ[name]  # the settings of whoever runs it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left behind
    chosen = [scene for scene in ALL if scene.name in asked.only] if asked.only else list(ALL)
    result = run(chosen, with_peers=not asked.hub_only)
    if len(chosen) == len(ALL) and not asked.hub_only:
        RESULTS.mkdir(exist_ok=True)
        text = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
        (RESULTS / "latest.json").write_text(text, "utf-8")
        (RESULTS / "latest.md").write_text(table(result), "utf-8")
        sys.stderr.write(f"Kept in {RESULTS}\n")
    if asked.output == "json":
        sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(table(result))
    return 0 if all(one["hub"]["right"] for one in result["scenes"].values()) else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-lag", description=__doc__)
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    names = [scene.name for scene in ALL]
    parser.add_argument("--only", nargs="+", choices=names, metavar="SCENE", default=[])
    parser.add_argument("--hub-only", action="store_true", help="leave the peers out")
    parser.epilog = f"SCENES: {', '.join(names)}"
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
