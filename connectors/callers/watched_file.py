"""The file of credentials as it is now: read again when it changes."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from connectors.callers.credential_file import TokensUnreadable, read_credentials
from connectors.callers.credentials import Credential, Credentials

log = structlog.get_logger()

UNSETTLED: Final = timedelta(seconds=2)
"""A file that was changed so lately is read again: the next change might bear the same time."""


class WatchedFile:
    """The credentials of the settings and of a file, as it is now; safe from several threads."""

    def __init__(
        self, given: Mapping[str, str], path: Path | None, now: Callable[[], datetime]
    ) -> None:
        """`given`: the party of each token's SHA-256. Raises TokensUnreadable."""
        self._given = [Credential(key, party) for key, party in given.items()]
        self._path = path
        self._now = now
        self._lock = threading.Lock()
        self._seen = self._look()
        self._known = self._read()

    def current(self) -> Credentials:
        """What is known now. A file that cannot be read leaves what it said last."""
        with self._lock:
            seen = self._look()
            if seen != self._seen or self._is_unsettled(seen):
                self._again(seen)
            return self._known

    def _again(self, seen: tuple[int, ...]) -> None:
        is_new, self._seen = seen != self._seen, seen
        why = ""
        try:
            self._known = self._read()
        except TokensUnreadable as error:
            why = str(error)
        if is_new and why:
            log.error("tokens_file_unreadable", where=str(self._path), why=why)
        elif is_new:
            log.info("tokens_file_read", where=str(self._path), tokens=len(list(self._known)))

    def _look(self) -> tuple[int, ...]:
        """What changes when the file does; nothing where there is none."""
        if self._path is None:
            return ()
        try:
            found = self._path.stat()
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino

    def _is_unsettled(self, seen: tuple[int, ...]) -> bool:
        if not seen:
            return False
        changed = datetime.fromtimestamp(seen[0] / 1e9, UTC)
        return abs(self._now() - changed) < UNSETTLED

    def _read(self) -> Credentials:
        found = {one.key: one for one in self._given}
        for one in read_credentials(self._path) if self._path else []:
            if found.get(one.key, one).party != one.party:
                raise TokensUnreadable(
                    f"{self._path}: a token of the settings belongs to another party here; "
                    "make a new token for one of the two"
                )
            found[one.key] = one
        return Credentials(found.values())
