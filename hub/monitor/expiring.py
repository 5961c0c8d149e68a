"""What stops working on a day that is known before: certificates and tokens; and what does not."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

SOON: Final = timedelta(days=30)
NOW: Final = timedelta(days=7)


class Left(StrEnum):
    """How near the end is."""

    LONG = "long"
    SOON = "soon"
    """Within thirty days."""
    NOW = "now"
    """Within seven days."""
    OVER = "over"
    UNKNOWN = "unknown"
    """The file cannot be read."""


class Expiry(NamedTuple):
    """A file of certificates, or a token in a file, and when it is of no use any more."""

    setting: str
    """The setting that names the file."""
    file: str
    until: datetime | None
    """None: it cannot be read."""


class Tokens(NamedTuple):
    """Tokens or secrets that a setting holds or names a file of, of which some have no end."""

    setting: str
    number: int | None
    """None: they stand in the file."""
    changed_at: datetime | None
    """When the file was last changed; None: they stand in the settings, or it cannot be read."""


class Expiring(NamedTuple):
    """All that these settings know of."""

    certificates: tuple[Expiry, ...] = ()
    tokens: tuple[Tokens, ...] = ()


def left(expiry: Expiry, now: datetime) -> Left:
    """How near the end of a certificate is."""
    if expiry.until is None:
        return Left.UNKNOWN
    for how, within in ((Left.OVER, timedelta(0)), (Left.NOW, NOW), (Left.SOON, SOON)):
        if expiry.until - now <= within:
            return how
    return Left.LONG
