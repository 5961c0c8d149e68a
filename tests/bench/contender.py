"""Whoever moves events in a benchmark, as a process: what it is, and how it is run."""

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub import processes
from hub.keeper import Child
from tests.bench.outputs import DELIVERY
from tests.bench.stage import Dress, Stage, as_they_are

ROOT: Final = Path(__file__).resolve().parents[2]
GRACE_S: Final = 15
_LAST_LINES: Final = 12
_OURS: Final = ("HUB_", "PYTHONPATH")


class Ended(Exception):
    """A contender's process ended by itself; the message has its last lines."""


class NotThere(Exception):
    """A contender cannot be run here; the message names what is missing."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to move the events."""

    name: str
    says: str
    child: Callable[[Stage], Child]
    """Its process for a stage; raises NotThere."""
    exactly_once: bool
    """Whether it is set up to be; whether it was is counted."""
    outputs: Sequence[str] = (DELIVERY,)
    """What each event leads to."""
    dress: Dress = as_they_are
    """What doors do with the events before they lie on the topic."""


class Running:
    """The processes of a lap."""

    def __init__(self) -> None:
        self._started: list[tuple[processes.Process, Path]] = []

    def start(self, child: Child, folder: Path) -> None:
        """Start one more; what it prints goes into the folder."""
        log = folder / f"{child.name}-{len(self._started)}.log"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
        with log.open("wb") as output:
            process = processes.spawn(
                child.argv, output=output, env=inherited | dict(child.env), folder=ROOT
            )
        self._started.append((process, log))

    @property
    def pids(self) -> list[int]:
        """Their process ids."""
        return [process.pid for process, _ in self._started]

    @property
    def logs(self) -> list[Path]:
        """What they print."""
        return [log for _, log in self._started]

    def check(self) -> None:
        """Raise Ended if one of them does not run any more."""
        for process, log in self._started:
            if process.poll() is not None:
                lines = log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
                raise Ended("\n".join([f"{log.stem} ended with {process.returncode}:", *lines]))

    def wait_for_end(self, limit_s: float) -> int:
        """The exit code of the first, when it ends by itself; raises Ended when it does not."""
        process, log = self._started[0]
        try:
            return process.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise Ended(f"{log.stem} did not end within {limit_s:.0f} s") from None

    def end(self) -> None:
        """Ask all of them to end; kill what still runs after the grace."""
        for process, _ in self._started:
            if process.poll() is None:
                process.terminate()
        for process, _ in self._started:
            processes.end(process, GRACE_S)


@contextmanager
def running(children: Sequence[Child], folder: Path) -> Iterator[Running]:
    """Run these processes for as long as the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Running()
    try:
        for child in children:
            found.start(child, folder)
        yield found
    finally:
        found.end()
