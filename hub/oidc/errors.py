"""Why nobody comes in through the provider; each docstring is its message."""

from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with an id token (OpenID Connect Core 1.0, 3.1.3.7)."""

    UNREADABLE = "unreadable"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    SUBJECT = "subject"
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    NONCE = "nonce"
    NOT_FRESH = "not-fresh"
    """The provider did not ask again who it is."""


class TokenRefused(Exception):
    """The id token is not what was asked for."""

    def __init__(self, flaw: Flaw) -> None:
        """`flaw`: what is wrong with it."""
        super().__init__(f"{(type(self).__doc__ or '').strip()} ({flaw})")
        self.flaw = flaw


class CodeRefused(Exception):
    """The provider does not take the code."""

    def __init__(self, code: str = "") -> None:
        """`code`: why, as a code of the standard (RFC 6749, 5.2)."""
        said = (type(self).__doc__ or "").strip()
        super().__init__(f"{said} ({code})" if code else said)


class ProviderAway(Exception):
    """The OpenID provider does not answer as it should."""

    def __init__(self, where: str, why: str) -> None:
        """`where`: which of its documents; `why`: a word, never what it said."""
        super().__init__(f"{(type(self).__doc__ or '').strip()} ({where}: {why})")
