"""Who guesses waits, longer each time; time is handed in."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.pauses import PER_ADDRESS, PER_NAME, Failures, Patience, one_more, wait
from tests.support.accounts import NOW

BOTH = pytest.mark.parametrize("patience", [PER_NAME, PER_ADDRESS], ids=["name", "address"])


@BOTH
def test_the_first_are_free(patience: Patience) -> None:
    """Who mistypes now and then never waits."""
    failures = None
    for _ in range(patience.free):
        assert wait(failures, patience, NOW) == timedelta()
        failures = one_more(failures, patience, NOW)
    assert wait(failures, patience, NOW) == patience.first


@BOTH
def test_pauses_double_up_to_the_longest(patience: Patience) -> None:
    """Each failure more doubles the pause, and no pause is longer than the longest."""
    pauses = [wait(Failures(patience.free + n, NOW), patience, NOW) for n in range(100)]
    assert pauses[1] == 2 * pauses[0]
    assert pauses == sorted(pauses)
    assert pauses[-1] == patience.longest


@BOTH
def test_a_pause_runs_out(patience: Patience) -> None:
    """After the pause it may be tried once, and then the pause is longer."""
    failures = Failures(patience.free + 2, NOW)
    pause = wait(failures, patience, NOW)
    assert wait(failures, patience, NOW + pause - timedelta(seconds=1)) == timedelta(seconds=1)
    assert wait(failures, patience, NOW + pause) == timedelta()
    again = one_more(failures, patience, NOW + pause)
    assert wait(again, patience, NOW + pause) == 2 * pause


@BOTH
def test_failures_are_forgotten(patience: Patience) -> None:
    """A day without a failure is a new beginning."""
    later = NOW + patience.forgotten_after
    assert wait(Failures(1000, NOW), patience, later) == timedelta()
    assert one_more(Failures(1000, NOW), patience, later) == Failures(1, later)


def test_a_day_of_guessing() -> None:
    """Whoever guesses as fast as they may gets through about a hundred guesses a day for a name."""
    failures, now, guesses = None, NOW, 0
    while now < NOW + timedelta(days=1):
        pause = wait(failures, PER_NAME, now)
        if pause:
            now += pause
        else:
            failures = one_more(failures, PER_NAME, now)
            guesses += 1
    assert guesses < 110


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_never_negative(number: int, seconds: int) -> None:
    """However many failures and however long ago: the pause is between zero and the longest."""
    pause = wait(Failures(number, NOW), PER_NAME, NOW + timedelta(seconds=seconds))
    assert timedelta() <= pause <= PER_NAME.longest
