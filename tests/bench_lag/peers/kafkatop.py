"""kafkatop of PyPI, `--summary-json --all`: with `--all` it shows groups without members too."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.bench.contender import NotThere
from tests.bench_lag.place import FOLDER
from tests.bench_lag.stage import tell
from tests.bench_lag.word import NOBODY, Word

PACKAGE: Final = "kafkatop"
ENDS_WITHIN_S: Final = 180


class Kafkatop:
    """Asked for all groups at once."""

    name = PACKAGE
    version = "1.16"

    def __init__(self, bootstrap: str) -> None:
        """Ask at this address."""
        self._bootstrap = bootstrap

    def ask(self, groups: Sequence[str]) -> Mapping[str, Word]:
        """The largest lag of a group's partitions (there is one), and its state."""
        program = _installed(self.version)
        words = ["--kafka-broker", self._bootstrap, "--summary-json", "--all"]
        done = subprocess.run(
            [str(program), *words],
            capture_output=True, text=True, check=False, timeout=ENDS_WITHIN_S,
        )  # fmt: skip
        if done.returncode:
            raise NotThere((done.stderr or done.stdout).strip()[-500:])
        said = json.loads(done.stdout)
        return {group: _word(said[group]) for group in groups if group in said}


def _word(one: dict[str, Any]) -> Word:
    lags = [topic["lag_max"] for topic in one["topics"].values()]
    state = one["state"].rpartition(".")[2]
    signs = frozenset({NOBODY} if state in ("EMPTY", "DEAD") else ())
    return Word(sum(lags) if lags else None, signs, f"{state}, lag_max {lags}")


def _installed(version: str) -> Path:
    home = FOLDER / "venv"
    program = home / "bin" / PACKAGE
    if not program.is_file():
        tell(f"Installing {PACKAGE} {version}, once")
        uv = Path(sys.executable).with_name("uv")
        python = home / "bin" / "python"
        for argv in (
            [uv, "--quiet", "venv", "--clear", "--python", sys.executable, home],
            [uv, "--quiet", "pip", "install", "--python", python, f"{PACKAGE}=={version}"],
        ):
            subprocess.run([str(word) for word in argv], check=True, stdout=sys.stderr)
    return program
