"""The command `hub` as a real process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

HUB: Final = (sys.executable, "-m", "hub")
WITHIN_S: Final = 60


class Said(NamedTuple):
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:  # noqa: ANN401 - any JSON value
        """Its stdout as one JSON document."""
        return json.loads(self.out)


def environment(**variables: str) -> dict[str, str]:
    """The tests' own environment with these variables beside."""
    return {**os.environ, **variables}


def hub(
    *words: str,
    folder: Path,
    given: str | None = None,
    env: Mapping[str, str] | None = None,
    within_s: float = WITHIN_S,
) -> Said:
    """Run a command to its end in this folder, with this on its stdin."""
    done = subprocess.run(
        [*HUB, *words],
        cwd=folder,
        env=environment(**(env or {})),
        input=given,
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def running_hub(
    *words: str, folder: Path, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A command that runs until told to stop; killed at the end if the test did not stop it.

    What it prints on stdout can be read; what it logs lies in `<folder>/err.log`.
    """
    with (folder / "err.log").open("ab") as log:
        process = subprocess.Popen(
            [*HUB, *words],
            cwd=folder,
            env=environment(**(env or {})),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
