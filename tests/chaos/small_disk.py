"""A disk so small that it can be filled: a file system in memory, mounted for one run."""

import errno
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.parts import missing

PIECE: Final = bytes(64 * 1024)
_REMEDY: Final = "run as root where file systems may be mounted (Linux, CAP_SYS_ADMIN)"


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A folder whose writes fail with ENOSPC once it is full."""

    folder: Path

    def fill(self) -> None:
        """Leave not one byte free."""
        size = len(PIECE)
        with self._filler.open("ab", buffering=0) as filler:
            while size:
                try:
                    filler.write(PIECE[:size])
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    size //= 2

    def free(self) -> None:
        """Give the space back."""
        self._filler.unlink(missing_ok=True)

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"


@contextmanager
def small_disk(folder: Path, size_mb: int) -> Iterator[SmallDisk]:
    """A disk of this size mounted at `folder`; `missing` where mounting is not permitted."""
    if sys.platform != "linux":
        missing("A small disk", _REMEDY)
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "kurze-wege", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        missing("A small disk", _REMEDY)
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily: a process that was killed may hold the disk for a moment longer.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
