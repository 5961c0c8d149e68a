"""A log file that a child process writes itself, kept from growing without end."""

import os
import shutil
from pathlib import Path
from typing import IO, Final

MAX_BYTES: Final = 10 * 1024 * 1024


class BoundedLog:
    """A file and, once it has been full, its predecessor `<name>.1.log`."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        """At most about twice `max_bytes` lie on disk."""
        self.path = path
        self.before = path.with_suffix(f".1{path.suffix}")
        self._max_bytes = max_bytes

    def open(self) -> IO[bytes]:
        """For the child to write at the end of, wherever that is by then."""
        self.trim()
        return self.path.open("ab")

    def trim(self) -> None:
        """Set a full file aside; a line written in this very moment may be lost."""
        if self.path.exists() and self.path.stat().st_size > self._max_bytes:
            # A rename would take the file with it that the child still writes to.
            shutil.copyfile(self.path, self.before)
            os.truncate(self.path, 0)
