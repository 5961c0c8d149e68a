"""Small Python programs to run as real processes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

ROOT: Final = Path(__file__).parents[2]
"""Where the project's packages lie."""

FOR_EVER: Final = "import threading; threading.Event().wait()"
DEAF: Final = (
    "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('ready', flush=True); threading.Event().wait()"
)
"""Does not end when asked."""


def program(code: str) -> list[str]:
    """The command line of a Python program."""
    return [sys.executable, "-c", code]


@contextmanager
def running(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A Python program that may import the project; what it prints can be read line by line."""
    process = subprocess.Popen(
        [*program(code), *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        with process:
            yield process
            process.kill()
    finally:
        process.kill()


def line(process: subprocess.Popen[str]) -> str:
    """The next line it prints; waits for it."""
    assert process.stdout
    return process.stdout.readline().strip()


def alive(pid: int) -> bool:
    """Whether this process runs, and is not merely waiting for its parent to notice its end."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
