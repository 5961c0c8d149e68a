"""The folders the hub writes into, and the room on their disks."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hub.doctor.check import Check, Health
from hub.settings import Settings

LOW_DISK_BYTES: Final = 2 * 1024**3
NO_DISK_BYTES: Final = 200 * 1024**2
GIB: Final = 1024**3


def of(settings: Settings) -> Iterator[Check]:
    """Each folder that the settings name, and the disk of the data folder."""
    for folder in (settings.data_folder, settings.file_drop.root):
        yield writable(folder)
    yield disk(settings.data_folder)


def writable(folder: Path) -> Check:
    """Whether the folder can be written, or made where it is not there yet."""
    part, there = f"folder {folder}", _nearest(folder)
    if not there.is_dir():
        remedy = "Move it away, or set another folder."
        return Check(part, Health.FAIL, f"{there} is a file", remedy)
    if not os.access(there, os.W_OK | os.X_OK):
        remedy = f"Let the hub's user write into {there}, or set another folder."
        return Check(part, Health.FAIL, "cannot be written", remedy)
    return Check(part, Health.OK, "can be written" if there == folder else "can be made")


def disk(folder: Path, low: int = LOW_DISK_BYTES, none: int = NO_DISK_BYTES) -> Check:
    """Whether the disk under the folder has room, in bytes."""
    free = shutil.disk_usage(_nearest(folder)).free
    return room("disk", free, "Make room, or set data_folder to another disk.", low, none)


def room(
    part: str, free: int, remedy: str, low: int = LOW_DISK_BYTES, none: int = NO_DISK_BYTES
) -> Check:
    """Whether so many free bytes are enough."""
    found = f"{free / GIB:.1f} GiB free"
    if free >= low:
        return Check(part, Health.OK, found)
    return Check(part, Health.FAIL if free < none else Health.WARN, found, remedy)


def _nearest(folder: Path) -> Path:
    return next(one for one in (folder, *folder.absolute().parents) if one.exists())
