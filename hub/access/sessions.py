"""How long a session lasts, and when it rests until the clerk shows again who they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from hub.access.clerk import Account

NOTED_EVERY: Final = timedelta(seconds=30)
"""That a clerk is active is written down at most so often."""
REMEMBERED: Final = timedelta(days=8)
"""How long after its begin a session is still known: what was typed in it is given back."""


class Standing(StrEnum):
    """How a session stands."""

    ACTIVE = "active"
    IDLE = "idle"
    """Nothing happened for long: locked until the clerk signs in to it again."""
    OVER = "over"
    """Signed out, expired, or the account is closed."""


class Limits(NamedTuple):
    """How long a session lasts."""

    lifetime: timedelta
    """From signing in, whatever happens."""
    idle: timedelta
    """Without a request."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in at one browser."""

    account: Account
    started_at: datetime
    seen_at: datetime
    """The last request that counts; those of a page that only looks for news do not."""
    ended_at: datetime | None = None
    id_token: str | None = None
    """What the OpenID provider wants to see at sign-out, sealed."""

    def ends_at(self, limits: Limits) -> datetime:
        """When it is over at the latest."""
        return self.started_at + limits.lifetime

    def locks_at(self, limits: Limits) -> datetime:
        """When it is locked if nothing happens."""
        return self.seen_at + limits.idle

    def standing(self, now: datetime, limits: Limits) -> Standing:
        """How it stands now."""
        if self.ended_at is not None or self.account.locked_at is not None:
            return Standing.OVER
        if now >= self.ends_at(limits):
            return Standing.OVER
        return Standing.IDLE if now >= self.locks_at(limits) else Standing.ACTIVE

    def is_to_be_noted(self, now: datetime) -> bool:
        """Whether a request of now is worth writing down."""
        return now - self.seen_at >= NOTED_EVERY
