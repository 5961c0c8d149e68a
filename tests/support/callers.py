"""Who may come in, for tests: an entrance with these tokens."""

from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.callers.credentials import Credential, Credentials
from connectors.callers.entrance import Entrance
from connectors.callers.tokens import digest


def entrance_for(tokens: Mapping[str, str]) -> Entrance:
    """It knows the party of each of these tokens."""
    known = Credentials(Credential(digest(token), party) for token, party in tokens.items())
    return Entrance(lambda: known, lambda: datetime.now(UTC))


def entrance_of(*credentials: Credential, now: datetime | None = None) -> Entrance:
    """It knows these credentials, now or always at this moment."""
    known = Credentials(credentials)
    return Entrance(lambda: known, lambda: now or datetime.now(UTC))
