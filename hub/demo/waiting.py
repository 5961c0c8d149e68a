"""Waits for conditions, not for time: until one holds, a stop is asked for, or it is too late."""

import threading
import time
from collections.abc import Callable
from typing import Final

from hub.demo.errors import Interrupted

LOOK_S: Final = 0.03
"""How long to wait between two looks at what nobody announces: files, ports, groups."""


class Patience:
    """How long a demo waits, and what ends its waiting."""

    def __init__(self, stop: threading.Event) -> None:
        """`stop` ends every waiting with Interrupted."""
        self._stop = stop

    def until(self, holds: Callable[[], bool], within_s: float, look_s: float = LOOK_S) -> bool:
        """Whether the condition came to hold in time; raises Interrupted."""
        end = time.monotonic() + within_s
        while not holds():
            self.check()
            if time.monotonic() >= end:
                return False
            self._stop.wait(look_s)
        return True

    def check(self) -> None:
        """Raise Interrupted if a stop was asked for."""
        if self._stop.is_set():
            raise Interrupted
