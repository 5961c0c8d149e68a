"""Whether anybody serves a root folder: a lock on it that ends with the process that holds it."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_ROOT: Final = os.O_RDONLY | os.O_DIRECTORY


class Presence:
    """Shows that the folder is served, until `close` or the end of the process.

    Any number of processes may serve it. Where the folder cannot be locked nothing is shown.
    """

    def __init__(self, root: Path) -> None:
        """Show it, if that can be."""
        self._root: int | None = None
        with suppress(OSError):
            self._root = os.open(root, _ROOT)
            fcntl.flock(self._root, fcntl.LOCK_SH)

    def close(self) -> None:
        """Show it no longer."""
        if self._root is not None:
            os.close(self._root)
            self._root = None


def is_served(root: Path) -> bool:
    """Whether a process of this machine serves the folder; raises OSError if it is not there."""
    held = os.open(root, _ROOT)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False
