"""Bearer tokens (RFC 6750): made by chance, shown by their holder, kept as a hash only."""

import re
from hashlib import sha256
from secrets import token_hex
from typing import Final

LONGEST: Final = 8192
"""So long a token may be; one of an authorization server has a kilobyte or two."""
_BYTES: Final = 32
_BEARER: Final = re.compile(rf"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]{{1,{LONGEST}}}=*)")


def new_token() -> str:
    """A token that nobody can guess."""
    return token_hex(_BYTES)


def digest(token: str) -> str:
    """SHA-256 of a token in lower-case hexadecimal digits."""
    return sha256(token.encode()).hexdigest()


def bearer(authorization: str) -> str | None:
    """The token in the value of an `Authorization` header, or None."""
    match = _BEARER.fullmatch(authorization)
    return match[1] if match else None
