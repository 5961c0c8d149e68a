"""The rooms of a party's folder, held open, so that no link can lead out of them."""

import errno
import fcntl
import os
import signal
import stat
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from typing import Final, Self

INBOX: Final = "in"
DONE: Final = "done"
REFUSED: Final = "refused"
WORK: Final = ".work"
_LOCK: Final = ".lock"
_ROOM: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_HANDED_IN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class Rooms:
    """`in`, `done`, `refused` and the hidden `.work`, each an open directory."""

    def __init__(self, folder: Path, *, make: bool = False) -> None:
        """Open them; `make`: also the folder itself and its `in`. Raises OSError."""
        if make:
            (folder / INBOX).mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            top = _opened(stack, os.open(folder, _ROOM))
            self.inbox = _opened(stack, open_room(INBOX, top))
            for name, mode in ((DONE, 0o777), (REFUSED, 0o777), (WORK, 0o700)):
                with suppress(FileExistsError):
                    os.mkdir(name, mode, dir_fd=top)
            self.done = _opened(stack, open_room(DONE, top))
            self.refused = _opened(stack, open_room(REFUSED, top))
            self.work = _opened(stack, open_room(WORK, top))
            self._open = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of them, and of the lock."""
        self._open.close()

    def lock(self) -> bool:
        """Keep every other process from taking files of this party; False if one already does.

        The lock ends with the process, however it ends.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        lock = _opened(self._open, os.open(_LOCK, flags, 0o600, dir_fd=self.work))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _opened(stack: ExitStack, room: int) -> int:
    stack.callback(os.close, room)
    return room


def open_room(name: str, above: int) -> int:
    """The directory in another one; a link is not followed. Raises OSError."""
    return os.open(name, _ROOM, dir_fd=above)


def exists(room: int, name: str) -> bool:
    """Whether anything of this name is there."""
    try:
        os.stat(name, dir_fd=room, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def open_handed_in(room: int, name: str) -> int:
    """The file for reading; a link is not followed and a pipe not waited for. Raises OSError."""
    return os.open(name, _HANDED_IN, dir_fd=room)


def move(name: str, room: int, wanted: str, target: int) -> None:
    """Move a file under this name or, if it is taken, a numbered one: no content is overwritten.

    The name is held by an empty file first; one that a crash has left there is used.
    """
    for nth in count(1):
        free = wanted if nth == 1 else f"{wanted}.{nth}"
        try:
            os.close(os.open(free, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600, dir_fd=target))
        except FileExistsError:
            there = os.stat(free, dir_fd=target, follow_symlinks=False)
            if there.st_size or not stat.S_ISREG(there.st_mode):
                continue
        os.rename(name, free, src_dir_fd=room, dst_dir_fd=target)
        return


def is_being_written(handed_in: int) -> bool:
    """Whether a process of this machine has the file open for writing.

    Linux grants a read lease only if nobody has. Where leases are not known, or the file is not
    ours, this is False and only the file's rest says that it is whole.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        # without this a writer that comes now would end us by SIGIO; SIGURG is ignored
        fcntl.fcntl(handed_in, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handed_in, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handed_in, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    return False
