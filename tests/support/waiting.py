"""Waits for what must become true."""

import threading
import time
from collections.abc import Callable


def until(met: Callable[[], bool], within_s: float = 120, every_s: float = 0.05) -> None:
    """Return as soon as `met` holds, looking so often; fails the test when it does not in time."""
    end = time.monotonic() + within_s
    while not met():
        assert time.monotonic() < end, "not met in time"
        threading.Event().wait(every_s)
