"""The file in which credentials stand, one a line: read anew when it changes, and written.

It is written where it is, never replaced: a container that was given the file sees the change.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from connectors.callers.credentials import (
    Credential,
    Credentials,
    Malformed,
    line_of,
    read_line,
)
from connectors.callers.scopes import Scopes
from connectors.callers.tokens import digest, new_token

log = structlog.get_logger()

OWNER_ONLY: Final = 0o600
UNSETTLED: Final = timedelta(seconds=2)
"""A file that was changed so lately is read again: the next change might bear the same time."""


class TokensUnreadable(ValueError):
    """The file of tokens cannot be read; the message names file, line and remedy."""


def read_credentials(path: Path) -> list[Credential]:
    """The credentials of a file, `#` starts a comment; raises TokensUnreadable."""
    found: dict[str, Credential] = {}
    for number, credential in _lines(path):
        known = found.setdefault(credential.key, credential)
        if known._replace(note="") != credential._replace(note=""):
            raise TokensUnreadable(
                f"{path}, line {number}: this token already belongs to another party, or with "
                "other rights; make a new token for one of the two"
            )
    return list(found.values())


def add_token(
    file: Path, party: str, scopes: Scopes, until: datetime | None, note: str = ""
) -> str:
    """Make a token for the party and write its hash into the file; the token is nowhere kept.

    The file is made, for its owner alone, if it is not there. Who reads it knows the token from
    the next request on. Raises TokensUnreadable where the file has a line that is not understood.
    """
    token = new_token()
    add_credential(file, Credential(digest(token), party, scopes, until, note))
    return token


def add_credential(file: Path, credential: Credential) -> None:
    """Write one more line into the file; raises TokensUnreadable."""
    if file.exists() and any(one.key == credential.key for one in read_credentials(file)):
        raise TokensUnreadable(f"{file}: {credential.name} stands there already; revoke it first")
    line = line_of(credential)
    if not line.isprintable() or read_line(line) != credential:
        raise TokensUnreadable(f"{file}: {credential.name} cannot be written on a line")
    opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    try:
        size = os.fstat(opened).st_size
        open_ended = size > 0 and os.pread(opened, 1, size - 1) != b"\n"
        os.write(opened, ("\n" * open_ended + line + "\n").encode())
        os.fsync(opened)
    finally:
        os.close(opened)


def revoke(file: Path, name: str) -> list[Credential]:
    """Make comments of the lines of the credential with this name or key; gives what they said.

    One byte of each line changes, so that at every moment the file can be read. Raises
    TokensUnreadable.
    """
    gone = [one for one in read_credentials(file) if name in (one.name, one.key)]
    keys = {one.key for one in gone}
    opened = os.open(file, os.O_RDWR)
    try:
        start = 0
        for line in file.read_bytes().split(b"\n"):
            credential = read_line(line.decode())
            if credential is not None and credential.key in keys:
                os.pwrite(opened, b"#", start + len(line) - len(line.lstrip()))
            start += len(line) + 1
        os.fsync(opened)
    finally:
        os.close(opened)
    return gone


def set_end(file: Path, key: str, until: datetime) -> None:
    """Let the credential with this key open nothing from then on; raises TokensUnreadable.

    The line stays where it is and as long as it was, so that at every moment the file can be read;
    one that had no end, or one written otherwise, is revoked and written anew.
    """
    for one in [found for found in read_credentials(file) if found.key == key]:
        changed = one._replace(until=until)
        old, new = line_of(one).encode(), line_of(changed).encode()
        content = file.read_bytes()
        if len(old) != len(new) or content.count(old) != 1:
            revoke(file, key)
            add_credential(file, changed)
            continue
        opened = os.open(file, os.O_RDWR)
        try:
            os.pwrite(opened, new, content.index(old))
            os.fsync(opened)
        finally:
            os.close(opened)


class CredentialFile:
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


def _lines(path: Path) -> Iterator[tuple[int, Credential]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise TokensUnreadable(f"{path}: cannot be read ({type(error).__name__})") from error
    for number, line in enumerate(lines, start=1):
        try:
            credential = read_line(line)
        except Malformed as error:
            raise TokensUnreadable(f"{path}, line {number}: {error}") from None
        if credential is not None:
            yield number, credential
