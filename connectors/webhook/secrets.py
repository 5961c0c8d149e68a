"""The secrets with which calls are signed: one file, `<party> whsec_…` in each line."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

PREFIX: Final = "whsec_"
LEAST, MOST = 24, 64
"""How many bytes a secret has (Standard Webhooks 1.0.0)."""
AT_ONCE: Final = 2
"""How many secrets a party may have while one replaces the other."""
_LINE: Final = re.compile(r"([a-z0-9][a-z0-9-]{1,31})[ \t]+(\S+)")


class SecretsUnreadable(ValueError):
    """The file of secrets cannot be used; the message names file, line and remedy."""


def read_secrets(path: Path, parties: Iterable[str]) -> Mapping[str, tuple[bytes, ...]]:
    """The keys of each party in the file, in their order; `#` starts a comment.

    Raises SecretsUnreadable, also when one of `parties` has none.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretsUnreadable(f"{path}: cannot be read ({type(error).__name__})") from error
    found: dict[str, tuple[bytes, ...]] = {}
    for number, line in enumerate(lines, start=1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        match = _LINE.fullmatch(said)
        key = _key(match[2]) if match else None
        if match is None or key is None:
            raise SecretsUnreadable(
                f"{path}, line {number}: write the party's id, a blank and the secret: whsec_ and "
                f"{LEAST} to {MOST} bytes in base64"
            )
        found[match[1]] = (*found.get(match[1], ()), key)
        if len(found[match[1]]) > AT_ONCE:
            raise SecretsUnreadable(
                f"{path}, line {number}: a party has {AT_ONCE} secrets at most; take the oldest out"
            )
    if lacking := sorted(set(parties) - found.keys()):
        raise SecretsUnreadable(f"{path}: there is no secret for {', '.join(lacking)}")
    return found


def _key(secret: str) -> bytes | None:
    if not secret.startswith(PREFIX):
        return None
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (Error, ValueError):
        return None
    return key if LEAST <= len(key) <= MOST else None
