"""A session ends after its time and is locked when nothing happens; time is handed in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.access.sessions import NOTED_EVERY, Limits, Session, Standing
from tests.support.accounts import NOW, an_account

LIMITS = Limits(timedelta(hours=10), timedelta(minutes=15))
SESSION = Session(an_account(), NOW, NOW)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("begun", "seen", "standing"),
    [
        (0, 0, Standing.ACTIVE),
        (14, 14, Standing.ACTIVE),
        (15, 15, Standing.IDLE),
        (500, 14, Standing.ACTIVE),
        (599, 15, Standing.IDLE),
        (600, 0, Standing.OVER),
        (600, 20, Standing.OVER),
        (60_000, 0, Standing.OVER),
    ],
)
def test_standing(begun: int, seen: int, standing: Standing) -> None:
    """Locked 15 minutes after the last request, over 10 hours after the first in any case."""
    session = replace(SESSION, started_at=NOW - begun * MINUTE, seen_at=NOW - seen * MINUTE)
    assert session.standing(NOW, LIMITS) is standing


def test_ended() -> None:
    """Signed out is over at once."""
    assert replace(SESSION, ended_at=NOW).standing(NOW, LIMITS) is Standing.OVER


def test_locked_account() -> None:
    """Whoever's account is locked has no session any more."""
    locked = replace(an_account(), locked_at=NOW)
    assert replace(SESSION, account=locked).standing(NOW, LIMITS) is Standing.OVER


def test_noted_now_and_then() -> None:
    """A request is written down only if the last note is some time ago."""
    assert not SESSION.is_to_be_noted(NOW + NOTED_EVERY / 2)
    assert SESSION.is_to_be_noted(NOW + NOTED_EVERY)
    assert SESSION.locks_at(LIMITS) == NOW + 15 * MINUTE
    assert SESSION.ends_at(LIMITS) == NOW + 600 * MINUTE
