"""A party's folder: what lies there, and taking it so that nobody else can."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from connectors.file_drop.claim import CONTENT, Claim, remove_claim
from connectors.file_drop.names import REJECTED, REPORT, free_name, is_meant
from connectors.file_drop.rooms import Rooms, exists, is_being_written, open_handed_in

Signature = tuple[int, int, int]
"""What changes when somebody writes: inode, size, time of the last write."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A file as it was seen, and since when it has looked like that."""

    signature: Signature
    since: float


class PartyFolder:
    """One party's folder; `look` sees, `take` takes the oldest file that has come to rest."""

    def __init__(self, folder: Path, party: str, settle_s: float) -> None:
        """Serve this folder for this party; every method raises OSError if it is unusable."""
        self.folder = folder
        self.party = party
        self._settle_s = settle_s
        self._seen: dict[str, Sight] = {}
        self._ready: list[str] = []
        self._left_behind = False

    def make(self) -> None:
        """Make what is missing of the folder and its rooms."""
        Rooms(self.folder, make=True).close()

    def look(self, now: float) -> None:
        """See what lies there; `now` in seconds of a clock that never goes back."""
        with Rooms(self.folder) as rooms:
            seen = dict(_sights(rooms.inbox))
            self._left_behind = bool(_claims(rooms.work))
        before = self._seen
        self._seen = {}
        for name, signature in seen.items():
            known = before.get(name)
            same = known is not None and known.signature == signature
            self._seen[name] = known if known and same else Sight(signature, now)
        rested = [n for n, sight in self._seen.items() if now - sight.since >= self._settle_s]
        self._ready = sorted(rested, key=lambda n: (self._seen[n].signature[2], n), reverse=True)

    def take(self) -> Claim | None:
        """A file that another process left unfinished, or the oldest at rest.

        None if there is none or if another process is taking files of this party right now.
        """
        if not (self._left_behind or self._ready):
            return None
        rooms = Rooms(self.folder)
        try:
            name = self._next(rooms) if rooms.lock() else None
            if name is not None:
                return Claim(rooms, self.party, name)
        except BaseException:
            rooms.close()
            raise
        rooms.close()
        return None

    def _next(self, rooms: Rooms) -> str | None:
        for name in _claims(rooms.work):
            if exists(rooms.work, f"{name}/{CONTENT}"):
                return name
            remove_claim(rooms.work, name)
        self._left_behind = False
        while self._ready:
            name = self._ready.pop()
            if _is_whole(rooms.inbox, name, self._seen.pop(name).signature):
                taken = _taken(rooms, name)
                if taken is not None:
                    return taken
        return None


def _claims(work: int) -> list[str]:
    with os.scandir(work) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))


def _sights(inbox: int) -> list[tuple[str, Signature]]:
    sights = []
    with os.scandir(inbox) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if is_meant(entry.name) and entry.is_file(follow_symlinks=False):
                    sights.append((entry.name, _signature(entry.stat(follow_symlinks=False))))
    return sights


def _signature(status: os.stat_result) -> Signature:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _is_whole(inbox: int, name: str, signature: Signature) -> bool:
    try:
        handed_in = open_handed_in(inbox, name)
    except PermissionError:
        return True  # it is taken, to be refused with a report
    except OSError:
        return False
    try:
        status = os.fstat(handed_in)
        same = stat.S_ISREG(status.st_mode) and _signature(status) == signature
        return same and not is_being_written(handed_in)
    finally:
        os.close(handed_in)


def _taken(rooms: Rooms, name: str) -> str | None:
    def known(free: str) -> bool:
        report, rejected = free + REPORT, free + REJECTED
        refused = any(exists(rooms.refused, one) for one in (free, report, rejected))
        return refused or exists(rooms.done, free) or exists(rooms.work, free)

    free = free_name(name, known)
    os.mkdir(free, 0o700, dir_fd=rooms.work)
    try:
        os.rename(name, f"{free}/{CONTENT}", src_dir_fd=rooms.inbox, dst_dir_fd=rooms.work)
    except OSError as error:
        os.rmdir(free, dir_fd=rooms.work)
        if isinstance(error, FileNotFoundError):
            return None
        raise
    return free
