"""Who is sending: a bearer token's hash names the party."""

import re
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Final

_LINE: Final = re.compile(r"([0-9a-f]{64})[ \t]+\*?([a-z0-9][a-z0-9-]{1,31})")
_BEARER: Final = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]{1,512}=*)")


class TokensUnreadable(ValueError):
    """The file of tokens cannot be read; the message names file, line and remedy."""


class Tokens:
    """The tokens' hashes and their parties; a token itself is never kept."""

    def __init__(self, parties: Mapping[str, str]) -> None:
        """Keep the party of each SHA-256."""
        self._parties = dict(parties)

    def party(self, token: str) -> str | None:
        """The party that holds the token, or None; takes equally long whichever it is."""
        shown = digest(token)
        found = None
        for known, party in self._parties.items():
            if compare_digest(known, shown):
                found = party
        return found


def digest(token: str) -> str:
    """SHA-256 of a token in lower-case hexadecimal digits."""
    return sha256(token.encode()).hexdigest()


def bearer(authorization: str) -> str | None:
    """The token in the value of an `Authorization` header (RFC 6750), or None."""
    match = _BEARER.fullmatch(authorization)
    return match[1] if match else None


def read_tokens(path: Path) -> dict[str, str]:
    """The party of each hash in a file with lines `<sha256> <party>`; `#` starts a comment.

    Raises TokensUnreadable.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TokensUnreadable(f"{path}: cannot be read ({type(error).__name__})") from error
    parties: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        match = _LINE.fullmatch(said)
        if match is None:
            raise TokensUnreadable(
                f"{path}, line {number}: write the token's SHA-256 (64 lower-case hexadecimal "
                "digits), a blank and the party's id; never the token itself"
            )
        if parties.setdefault(match[1], match[2]) != match[2]:
            raise TokensUnreadable(
                f"{path}, line {number}: this token already belongs to another party; "
                "make a new token for one of the two"
            )
    return parties


def all_tokens(given: Mapping[str, str], path: Path | None) -> Tokens:
    """The tokens of the settings and of the file together; raises TokensUnreadable."""
    parties = dict(given)
    for known, party in (read_tokens(path) if path else {}).items():
        if parties.setdefault(known, party) != party:
            raise TokensUnreadable(
                f"{path}: a token of the settings belongs to another party here; "
                "make a new token for one of the two"
            )
    return Tokens(parties)
