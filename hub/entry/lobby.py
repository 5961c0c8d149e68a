"""What coming in and going out work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.access.hashing import Hasher
from hub.access.keeping import Kept
from hub.access.options import AccountOptions
from hub.access.sealing import Seal
from hub.access.sessions import Limits
from hub.access.signing_in import PasswordSignIn
from hub.entry.site import Site
from hub.oidc.provider import Provider


@dataclass(frozen=True, slots=True)
class Lobby:
    """One party's, before anybody has signed in."""

    site: Site
    options: AccountOptions
    kept: Kept
    hasher: Hasher
    provider: Provider | None
    now: Callable[[], datetime]
    """The time, with its offset."""
    chance: Callable[[int], bytes]
    """So many random bytes that nobody can guess."""

    @property
    def limits(self) -> Limits:
        """How long a session lasts."""
        options = self.options
        return Limits(
            timedelta(hours=options.session_hours), timedelta(minutes=options.idle_minutes)
        )

    @property
    def seal(self) -> Seal:
        """For what is kept in a browser."""
        return Seal(self.kept.key)

    @property
    def by_password(self) -> PasswordSignIn:
        """Tells who somebody is by what they typed."""
        return PasswordSignIn(self.kept, self.hasher)

    def secret(self) -> str:
        """256 random bits, to be written in cookies and addresses."""
        return self.chance(32).hex()
