"""The clock that is turned: a process sees the wrong time, and time still passes as it should."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from hub.keeper import Child
from tests.chaos.clock import Clock
from tests.support.command import environment

TELLS: Final = "import time; print(input(), time.time(), time.monotonic(), flush=True)"
HOURS_S: Final = 5 * 3600


def test_a_running_process_sees_the_clock_turned(tmp_path: Path) -> None:
    """Its wall clock jumps by hours while it runs; its monotonic clock does not."""
    clock = Clock(tmp_path)
    child = clock.dress(Child("clock", [sys.executable, "-c", f"{TELLS}; {TELLS}"]))
    with subprocess.Popen(
        child.argv,
        env=environment(**child.env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        told = []
        for _ in range(2):
            process.stdin.write("now\n")
            process.stdin.flush()
            told.append([float(word) for word in process.stdout.readline().split()[1:]])
            clock.turn(-HOURS_S)

    (wall, steady), (turned, later) = told
    assert -HOURS_S <= turned - wall < -HOURS_S + 60
    assert 0 <= later - steady < 60
