"""The bench's own environment: the peers and the plots, never among the hub's dependencies."""

import functools
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.bench.contender import ROOT

FOLDER: Final = ROOT / ".kurze-wege" / "bench"
PINS: Final = Path(__file__).with_name("peers.txt")


@functools.cache
def ready() -> Path:
    """Its Python; made on first use, and anew when a pin has moved."""
    home = FOLDER / "venv"
    python = home / "bin" / "python"
    mark = home / "pins.sha256"
    pins = hashlib.sha256(PINS.read_bytes()).hexdigest()
    if python.exists() and mark.exists() and mark.read_text("ascii") == pins:
        return python
    sys.stderr.write(f"Installing the peers into {home.relative_to(ROOT)}, once\n")
    _uv("venv", "--clear", "--python", sys.executable, str(home))
    # Every package is pinned; no resolver is asked, so that all validate with one pydantic.
    _uv("pip", "install", "--python", str(python), "--no-deps", "-r", str(PINS))
    mark.write_text(pins, "ascii")
    return python


def _uv(*words: str) -> None:
    program = Path(sys.executable).with_name("uv")
    subprocess.run([str(program), "--quiet", *words], check=True, stdout=sys.stderr)
