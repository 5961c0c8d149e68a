"""A worker that can be made to stall: `python -m tests.chaos.stalling worker`.

SIGUSR1 blocks its event loop for good while its other threads go on; SIGUSR2 blocks the whole
interpreter, as a C extension would that never returns.
"""

import ctypes
import signal
import time
from dataclasses import replace
from typing import Final

from hub.cli import main
from hub.keeper import Child

FOR_EVER_S: Final = 100_000
HOW: Final = (signal.SIGSTOP, signal.SIGUSR1, signal.SIGUSR2)
"""Frozen from outside, event loop blocked, interpreter blocked."""


def dress(child: Child) -> Child:
    """The child, so that the signals stall it."""
    at = child.argv.index("hub")
    argv = [*child.argv[:at], "tests.chaos.stalling", *child.argv[at + 1 :]]
    return replace(child, argv=argv)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, lambda *_: time.sleep(FOR_EVER_S))
    signal.signal(signal.SIGUSR2, lambda *_: ctypes.PyDLL(None).sleep(FOR_EVER_S))
    main()
