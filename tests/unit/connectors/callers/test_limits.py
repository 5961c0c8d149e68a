"""How much a party may send, by a clock that is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.callers.limits import Limits


def test_a_minute_may_be_sent_at_once() -> None:
    """A full minute is there from the start; then one event a second at sixty a minute."""
    limits = Limits(60)

    assert limits.take("kfb", 60, now=0.0) == 0.0
    assert limits.take("kfb", 1, now=0.0) == pytest.approx(1.0)
    assert limits.take("kfb", 1, now=1.0) == 0.0
    assert limits.take("kfb", 5, now=1.0) == pytest.approx(5.0)


def test_parties_do_not_share() -> None:
    """What one party sends leaves the others' minute as it was."""
    limits = Limits(10)
    limits.take("kfb", 10, now=0.0)

    assert limits.take("06432005", 10, now=0.0) == 0.0


def test_asking_takes_nothing() -> None:
    """Looking at the bucket does not empty it, and a refused taking counts nothing."""
    limits = Limits(10)
    for _ in range(20):
        assert limits.wait_s("kfb", 10, now=0.0) == 0.0
    limits.take("kfb", 9, now=0.0)

    assert limits.take("kfb", 2, now=0.0) > 0.0
    assert limits.take("kfb", 1, now=0.0) == 0.0


def test_more_than_a_minute_waits_for_a_whole_one() -> None:
    """A request larger than a minute's events is not shut out for ever."""
    limits = Limits(10)
    limits.take("kfb", 10, now=0.0)

    assert limits.take("kfb", 11, now=0.0) == pytest.approx(60.0)
    assert limits.take("kfb", 11, now=60.0) == 0.0


def test_clock_that_goes_back_gives_nothing() -> None:
    """A clock set back neither fills nor empties the bucket."""
    limits = Limits(60)
    limits.take("kfb", 60, now=100.0)

    assert limits.take("kfb", 1, now=50.0) == pytest.approx(1.0)


def test_a_burst_is_a_part_of_the_minute() -> None:
    """Of ten seconds' worth no more comes at once, and one thing always may."""
    limits = Limits(60, burst_s=10)
    assert limits.take("kfb", 10, now=0.0) == 0.0
    assert limits.take("kfb", 1, now=0.0) == pytest.approx(1.0)
    assert Limits(1, burst_s=1).take("kfb", 1, now=0.0) == 0.0


def test_a_party_may_have_a_share_of_its_own() -> None:
    """More or less than everybody else's."""
    limits = Limits(60, others={"kfb": 600, "06432005": 1})

    assert limits.take("kfb", 600, now=0.0) == 0.0
    assert limits.take("06432005", 1, now=0.0) == 0.0
    assert limits.take("06432005", 1, now=0.0) == pytest.approx(60.0)
    assert limits.take("06432004", 60, now=0.0) == 0.0


def test_what_was_had_already_is_paid_later() -> None:
    """A body may be larger than what is left; the next request waits for it, not for ever."""
    limits = Limits(60)
    limits.take("kfb", 59, now=0.0)
    limits.charge("kfb", 1_000_000, now=0.0)

    assert limits.wait_s("kfb", 1, now=0.0) == pytest.approx(60.0)
    assert limits.wait_s("kfb", 1, now=60.0) == 0.0


@given(
    st.integers(1, 1000),
    st.lists(st.tuples(st.floats(0, 30), st.integers(1, 50)), min_size=1, max_size=60),
)
def test_never_more_than_agreed(a_minute: int, asked: list[tuple[float, int]]) -> None:
    """In any time t no more than one minute's events and t's share are let through."""
    limits = Limits(a_minute)
    now, sent = 0.0, 0
    for pause, events in asked:
        now += pause
        if events <= a_minute and limits.take("kfb", events, now) == 0.0:
            sent += events

    assert sent <= a_minute + a_minute * now / 60 + 1e-6


@given(st.integers(1, 1000), st.lists(st.integers(1, 50), min_size=1, max_size=60))
def test_the_wait_is_long_enough(a_minute: int, asked: list[int]) -> None:
    """Who waits as long as told is let through."""
    limits = Limits(a_minute)
    now = 0.0
    for events in asked:
        wait = limits.take("kfb", events, now)
        if wait > 0.0:
            now += wait + 1e-6
            assert limits.take("kfb", events, now) == 0.0
