"""The file in which credentials stand, one a line: read and written.

It is written where it is, never replaced: a container that was given the file sees the change.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from connectors.callers.credentials import (
    Credential,
    Malformed,
    line_of,
    read_line,
)
from connectors.callers.scopes import Scopes
from connectors.callers.tokens import digest, new_token

OWNER_ONLY: Final = 0o600


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
