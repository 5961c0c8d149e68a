"""Why a server's word is not taken; each docstring is its message."""

from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with a signed token."""

    UNREADABLE = "unreadable"
    ALGORITHM = "algorithm"
    KEY = "key"
    TYPE = "type"
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
    """The token is not what was asked for."""

    def __init__(self, flaw: Flaw) -> None:
        """`flaw`: what is wrong with it."""
        super().__init__(f"{(type(self).__doc__ or '').strip()} ({flaw})")
        self.flaw = flaw


class ProviderAway(Exception):
    """The provider does not answer as it should."""

    def __init__(self, where: str, why: str) -> None:
        """`where`: which of its documents; `why`: a word, never what it said."""
        super().__init__(f"{(type(self).__doc__ or '').strip()} ({where}: {why})")
