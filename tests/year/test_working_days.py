"""Working days as the oracle counts them: by hand, and as the hub counts them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.parties_file import parse
from tests.support.patience import PATIENT
from tests.year import working_days as days
from tests.year.offices import BY_ID, OFFICES, Office, registry

PARTIES = parse(registry(), "parties.toml")
SHORT_FRIDAYS = BY_ID["06432002"]
TWO_DAYS_A_WEEK = BY_ID["06432004"]
MOMENTS = st.datetimes(
    datetime(2025, 12, 1), datetime(2026, 12, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip


def berlin(text: str) -> datetime:
    """A moment in Berlin: `2025-12-23 09:07`."""
    return datetime.fromisoformat(text).replace(tzinfo=days.BERLIN)


def test_the_holidays_are_those_of_hessen() -> None:
    """All ten of 2026, Fronleichnam among them, Epiphany not."""
    found = sorted(day.strftime("%m-%d") for day in days.holidays(2026))

    assert found == [
        "01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "06-04", "10-03", "12-25", "12-26",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("office", "since", "limit", "ends"),
    [
        (BY_ID["kfb"], "2025-12-01 09:07", 5, "2025-12-08 16:00"),
        (BY_ID["kfb"], "2025-12-22 09:07", 5, "2026-01-05 16:00"),
        (SHORT_FRIDAYS, "2025-12-02 18:37", 3, "2025-12-05 12:00"),
        (TWO_DAYS_A_WEEK, "2025-12-04 08:07", 2, "2025-12-11 18:00"),
        (BY_ID["06432003"], "2026-02-13 09:07", 4, "2026-02-23 12:00"),
    ],
)
def test_a_limit_ends_as_a_calendar_says(office: Office, since: str, limit: int, ends: str) -> None:
    """Over weekends, Christmas, the turn of the year and carnival; at the closing hour."""
    assert days.end_of_limit(office, berlin(since), limit) == berlin(ends)


def test_working_time_is_what_the_office_is_open() -> None:
    """From Thursday before noon to Friday after closing, with the break in between."""
    begins, ends = berlin("2025-12-04 11:37"), berlin("2025-12-05 15:07")

    assert days.worked(SHORT_FRIDAYS, begins, ends) == timedelta(hours=7, minutes=23)
    assert days.after(SHORT_FRIDAYS, begins, timedelta(hours=1)) == berlin("2025-12-04 13:37")
    assert days.worked(SHORT_FRIDAYS, ends, begins) == timedelta()


def test_an_hour_is_an_hour_when_clocks_change() -> None:
    """The Monday after the last Sunday in March has its eight hours."""
    begins, ends = berlin("2026-03-27 15:00"), berlin("2026-03-30 09:00")

    assert days.worked(BY_ID["kfb"], begins, ends) == timedelta(hours=2)
    assert days.spans(BY_ID["kfb"], date(2026, 3, 30))[0][0].hour == 6


@PATIENT
@given(st.sampled_from(OFFICES), MOMENTS, st.integers(1, 70), st.integers(0, 500))
def test_two_ways_of_counting_agree(
    office: Office, since: datetime, limit: int, half_hours: int
) -> None:
    """Counted day by day and looked up by the hub, limits and working times are the same."""
    theirs = PARTIES.by_id[office.id].working_time
    working = timedelta(minutes=30 * half_hours)
    end = days.end_of_limit(office, since, limit)

    assert end == theirs.add_working_days(since, limit)
    assert days.worked(office, since, end) == theirs.working_hours_between(since, end)
    assert days.after(office, since, working) == theirs.after(since, working)
