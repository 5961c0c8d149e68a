"""How much may wait for Kafka at a time, over all threads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.errors import Later

RETRY_AFTER_S = 1.0


class Room:
    """A number of events that may wait, some of them taken."""

    def __init__(self, size: int) -> None:
        """Start with room for `size` events."""
        self._free = size
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, size: int, timeout_s: float) -> Iterator[None]:
        """Hold room for `size` events inside the block; raises Later if there is none in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: size <= self._free, timeout_s):
                raise Later(RETRY_AFTER_S, "too much is waiting for Kafka")
            self._free -= size
        try:
            yield
        finally:
            with self._changed:
                self._free += size
                self._changed.notify_all()
