"""A file that only this process has: its content, its journal, its report."""

import os
import stat
from contextlib import suppress
from io import FileIO
from typing import BinaryIO, Final

from connectors.file_drop.journal import Journal
from connectors.file_drop.names import REJECTED, REPORT
from connectors.file_drop.reading import FileRefused
from connectors.file_drop.rooms import Rooms, exists, move, open_handed_in, open_room

CONTENT: Final = "content"
_JOURNAL: Final = "journal.json"
_NEW_JOURNAL: Final = "journal.new"
_REPORT: Final = "report"
_REJECTED: Final = "rejected"


class Claim:
    """A file taken; it lies in the hidden folder `.work/<name>/` until it is put away.

    Every method but `open` raises OSError when the disk fails; what was there stays there.
    """

    def __init__(self, rooms: Rooms, party: str, name: str) -> None:
        """Hold the rooms, and with them the party's lock, until `close`."""
        self.party = party
        self.name = name
        self._rooms = rooms
        self._own = open_room(name, rooms.work)
        self._content: BinaryIO | None = None
        self._report: FileIO | None = None
        self._rejected: FileIO | None = None

    def open(self) -> BinaryIO:
        """The content; raises FileRefused if it may not be read."""
        if not stat.S_ISREG(self._status().st_mode):
            raise FileRefused("This is no regular file.")
        try:
            handed_in = open_handed_in(self._own, CONTENT)
        except PermissionError:
            raise FileRefused("The connector has no right to read the file.") from None
        self._content = os.fdopen(handed_in, "rb", buffering=256 * 1024)
        return self._content

    def size(self) -> int:
        """The content's bytes as they are now."""
        return self._status().st_size

    def _status(self) -> os.stat_result:
        return os.stat(CONTENT, dir_fd=self._own, follow_symlinks=False)

    def journal(self) -> Journal | None:
        """How far a process before this one came, if there was one."""
        try:
            kept = os.open(_JOURNAL, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=self._own)
        except FileNotFoundError:
            return None
        with os.fdopen(kept, "rb") as file:
            return Journal.from_bytes(file.read())

    def keep(self, journal: Journal) -> None:
        """Write the journal so that it is whole whenever the power fails."""
        for written in (self._report, self._rejected):
            if written is not None:
                os.fsync(written.fileno())
        with os.fdopen(self._create(_NEW_JOURNAL), "wb") as file:
            file.write(journal.to_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.rename(_NEW_JOURNAL, _JOURNAL, src_dir_fd=self._own, dst_dir_fd=self._own)
        os.fsync(self._own)

    def go_back(self, journal: Journal) -> None:
        """Forget what was reported after this journal was kept."""
        for name, length in (
            (_REPORT, journal.report_bytes),
            (_REJECTED, journal.rejected_bytes),
        ):
            with suppress(FileNotFoundError):
                written = os.open(name, os.O_WRONLY | os.O_NOFOLLOW, dir_fd=self._own)
                os.ftruncate(written, length)
                os.close(written)

    def report(self, entries: bytes) -> int:
        """Add to the report; how long it is now, in bytes."""
        self._report = self._report or self._appendable(_REPORT)
        _append(self._report, entries)
        return self._report.tell()

    def give_back(self, raw: bytes, head: bytes) -> int:
        """Add a line to those given back, below their head; how long all are now, in bytes."""
        self._rejected = self._rejected or self._appendable(_REJECTED)
        _append(self._rejected, raw if self._rejected.tell() else head + raw)
        return self._rejected.tell()

    def put_away(self, *, refused: bool, tail: bytes = b"") -> None:
        """Report and refused lines to `refused`, the file there or to `done`; last of all.

        A refused file comes back itself, so that its lines need not be given back.
        """
        if exists(self._own, _REJECTED) and not refused:
            self.give_back(tail, b"")
            move(_REJECTED, self._own, self.name + REJECTED, self._rooms.refused)
        if exists(self._own, _REPORT):
            move(_REPORT, self._own, self.name + REPORT, self._rooms.refused)
        os.fsync(self._rooms.refused)
        target = self._rooms.refused if refused else self._rooms.done
        move(CONTENT, self._own, self.name, target)
        os.fsync(target)
        remove_claim(self._rooms.work, self.name)

    def close(self) -> None:
        """Let go of the file and the party's lock; another process may go on."""
        with suppress(OSError):  # what could not be written is written again by whoever goes on
            self._close_files()
        os.close(self._own)
        self._rooms.close()

    def _close_files(self) -> None:
        for file in (self._content, self._report, self._rejected):
            if file is not None:
                file.close()

    def _create(self, name: str) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        return os.open(name, flags, 0o600, dir_fd=self._own)

    def _appendable(self, name: str) -> FileIO:
        """A file beside the content, for those who may read the content."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        written = os.open(name, flags, 0o600, dir_fd=self._own)
        content = self._status()
        with suppress(PermissionError):
            os.fchown(written, content.st_uid, content.st_gid)
        os.fchmod(written, 0o600 | content.st_mode & 0o066)
        return FileIO(written, "a")


def _append(file: FileIO, text: bytes) -> None:
    while text:
        text = text[file.write(text) :]


def remove_claim(work: int, name: str) -> None:
    """Remove what is left of a claim whose content is put away."""
    own = open_room(name, work)
    try:
        for left in (_JOURNAL, _NEW_JOURNAL, _REPORT, _REJECTED):
            with suppress(FileNotFoundError):
                os.unlink(left, dir_fd=own)
    finally:
        os.close(own)
    os.rmdir(name, dir_fd=work)
