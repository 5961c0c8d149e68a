"""How long somebody who guesses must wait: longer with each failure, whoever the name is."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.access.tokens import keyed


class Failures(NamedTuple):
    """How often it failed in a row, and when last."""

    number: int
    last_at: datetime


class Patience(NamedTuple):
    """How many failures are free, and how the pauses grow after that."""

    free: int
    first: timedelta
    """The pause after the first failure that is not free; doubled with each more."""
    longest: timedelta
    forgotten_after: timedelta
    """Failures are forgotten when there was none for so long."""


PER_NAME: Final = Patience(
    free=5,
    first=timedelta(seconds=15),
    longest=timedelta(minutes=15),
    forgotten_after=timedelta(hours=24),
)
"""A hundred guesses a day at most; who mistyped it five times waits a quarter of a minute."""
PER_ADDRESS: Final = PER_NAME._replace(free=30, first=timedelta(seconds=5))
"""A whole town hall may stand behind one address."""


def wait(failures: Failures | None, patience: Patience, now: datetime) -> timedelta:
    """How long from now on nothing is tried; zero: it may be tried."""
    counted = standing(failures, patience, now)
    if counted is None or counted.number < patience.free:
        return timedelta()
    growth = min(counted.number - patience.free, 30)
    pause = min(patience.first * (1 << growth), patience.longest)
    return max(counted.last_at + pause - now, timedelta())


def one_more(failures: Failures | None, patience: Patience, now: datetime) -> Failures:
    """The failures with the one of now."""
    counted = standing(failures, patience, now)
    return Failures(1 if counted is None else counted.number + 1, now)


def standing(failures: Failures | None, patience: Patience, now: datetime) -> Failures | None:
    """The failures that are not forgotten yet."""
    if failures is None or now - failures.last_at >= patience.forgotten_after:
        return None
    return failures


def name_key(key: bytes, sign_in_name: str) -> str:
    """Under which failures for a name are counted: a pseudonym."""
    return keyed(key, f"name:{sign_in_name}")


def address_key(key: bytes, address: str) -> str:
    """Under which failures from an address are counted: a pseudonym."""
    return keyed(key, f"address:{address}")
