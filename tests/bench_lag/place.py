"""Where the peers are kept, and how they are fetched; they are no dependencies of the hub."""

from pathlib import Path
from typing import Final

from tests.bench.contender import ROOT

FOLDER: Final = ROOT / ".kurze-wege" / "bench_lag"
RESULTS: Final = Path(__file__).with_name("results")
