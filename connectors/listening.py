"""Who can reach an address, and what must be said before others than this machine may."""

from ipaddress import ip_address
from typing import Final

SECOND: Final = "unprotected_listeners"
"""The setting that names, once more, every listener that is reached unprotected."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name other than localhost is not."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_open(host: str, *, encrypted: bool, authenticated: bool) -> bool:
    """Whether others reach it unencrypted, or without being asked who they are."""
    return not (is_loopback(host) or (encrypted and authenticated))


def require_word(*, allow_public: bool, danger: str, instead: str) -> None:
    """Raise ValueError unless somebody said that this listener is to be open."""
    if not allow_public:
        raise ValueError(
            f"host is reached by others than this machine, and {danger}: {instead}; or, if it is "
            f"to be so, say it twice: set allow_public here and name the listener in {SECOND}"
        )
