"""Working days and hours in Hessen: checked by hand, against a slow count, as laws."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.opening_hours import read_week
from hub.domain.public_holidays import LANDS, YEARS, public_holidays
from hub.domain.working_time import FIRST, LAST, Calendar, WorkingTime, working_time
from tests.support.patience import PATIENT

BERLIN: Final = ZoneInfo("Europe/Berlin")
OFFICE: Final = Calendar(closed=("12-24", "12-31"))
TOWN_HALL: Final = Calendar(
    hours=("Mo,We,Fr 08:00-12:00", "Tu 07:30-12:00,13:30-16:00", "Th 08:00-12:00,14:00-18:30"),
    closed=("12-24", "12-31", "2026-05-15"),
)
SHELTER: Final = Calendar(hours=("Mo-Su 00:00-24:00",))
NIGHTS: Final = Calendar(hours=("Sa,Su 01:30-02:45,02:50-03:30", "We 22:00-24:00"))
CALENDARS: Final = (OFFICE, TOWN_HALL, SHELTER, NIGHTS, Calendar(land="DE-BY"))
any_calendar: Final = st.sampled_from(CALENDARS)
any_moment: Final = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2031, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.sampled_from((UTC, BERLIN)),
)
any_number: Final = st.integers(1, 300)
any_time: Final = st.timedeltas(timedelta(), timedelta(days=120))
office: Final = working_time(OFFICE)


def local(text: str) -> datetime:
    """A moment on the office's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


HESSIAN: Final = {
    2026: (
        ("01-01", "Neujahr"),
        ("04-03", "Karfreitag"),
        ("04-06", "Ostermontag"),
        ("05-01", "1. Mai"),
        ("05-14", "Christi Himmelfahrt"),
        ("05-25", "Pfingstmontag"),
        ("06-04", "Fronleichnam"),
        ("10-03", "Tag der Deutschen Einheit"),
        ("12-25", "1. Weihnachtstag"),
        ("12-26", "2. Weihnachtstag"),
    ),
    2027: (
        ("01-01", "Neujahr"),
        ("03-26", "Karfreitag"),
        ("03-29", "Ostermontag"),
        ("05-01", "1. Mai"),
        ("05-06", "Christi Himmelfahrt"),
        ("05-17", "Pfingstmontag"),
        ("05-27", "Fronleichnam"),
        ("10-03", "Tag der Deutschen Einheit"),
        ("12-25", "1. Weihnachtstag"),
        ("12-26", "2. Weihnachtstag"),
    ),
}
"""The ten holidays of HFeiertagsG §1, counted from Easter: 5 April 2026 and 28 March 2027."""


@pytest.mark.parametrize("year", HESSIAN)
def test_hessian_holidays_are_those_of_the_law(year: int) -> None:
    """The ten days of HFeiertagsG §1 and no other: not Allerheiligen, not Heilige Drei Könige."""
    written = {date.fromisoformat(f"{year}-{day}") for day, _ in HESSIAN[year]}
    assert public_holidays("DE-HE", year) == written


@pytest.mark.parametrize("year", [2026, 2027])
def test_office_is_closed_on_holidays_and_by_custom(year: int) -> None:
    """At ten on a holiday, on 24 and on 31 December nobody works; on all other weekdays they do."""
    free = {day for day, _ in HESSIAN[year]} | {"12-24", "12-31"}
    day = date(year, 1, 1)
    while day.year == year:
        at = datetime(day.year, day.month, day.day, 10, tzinfo=BERLIN)
        assert office.is_open(at) is (day.weekday() < 5 and f"{day:%m-%d}" not in free), day
        day += timedelta(days=1)


@pytest.mark.parametrize(("year", "days"), [(2026, 251), (2027, 253)])
def test_year_has_as_many_working_days_as_counted_by_hand(year: int, days: int) -> None:
    """261 weekdays, less 8 and 6 holidays on them, less 24 and 31 December, weekdays in both."""
    ends = local(f"{year}-12-31T12:00")
    assert office.working_days_between(local(f"{year - 1}-12-31T12:00"), ends) == days
    hours = office.working_hours_between(local(f"{year}-01-01T00:00"), ends)
    assert hours == timedelta(hours=8 * days)


LIMITS: Final = {
    "Friday, one day": ("2026-03-06T10:00", 1, "2026-03-09T16:00"),
    "before the office opens": ("2026-03-09T06:00", 1, "2026-03-10T16:00"),
    "the last minute before midnight": ("2026-03-09T23:59", 1, "2026-03-10T16:00"),
    "Saturday counts for nothing": ("2026-03-07T10:00", 1, "2026-03-09T16:00"),
    "three days over a weekend": ("2026-03-05T10:00", 3, "2026-03-10T16:00"),
    "over Easter 2026": ("2026-04-02T10:00", 1, "2026-04-07T16:00"),
    "over Easter 2027": ("2027-03-25T10:00", 1, "2027-03-30T16:00"),
    "begins on Karfreitag": ("2026-04-03T10:00", 2, "2026-04-08T16:00"),
    "over the first of May, a Friday": ("2026-04-30T10:00", 1, "2026-05-04T16:00"),
    "the first of May, a Saturday": ("2027-04-30T10:00", 1, "2027-05-03T16:00"),
    "over Christi Himmelfahrt 2026": ("2026-05-13T10:00", 1, "2026-05-15T16:00"),
    "over Christi Himmelfahrt 2027": ("2027-05-05T10:00", 2, "2027-05-10T16:00"),
    "over Pfingstmontag 2026": ("2026-05-22T10:00", 1, "2026-05-26T16:00"),
    "over Pfingstmontag 2027": ("2027-05-14T10:00", 1, "2027-05-18T16:00"),
    "over Fronleichnam 2026": ("2026-06-03T10:00", 1, "2026-06-05T16:00"),
    "over Fronleichnam 2027": ("2027-05-26T10:00", 2, "2027-05-31T16:00"),
    "3 October is a Saturday": ("2026-10-02T10:00", 1, "2026-10-05T16:00"),
    "over Christmas 2026": ("2026-12-23T10:00", 1, "2026-12-28T16:00"),
    "over the year's end 2026": ("2026-12-30T10:00", 1, "2027-01-04T16:00"),
    "over both": ("2026-12-22T10:00", 5, "2027-01-04T16:00"),
    "over Christmas 2027": ("2027-12-23T10:00", 1, "2027-12-27T16:00"),
    "over the year's end 2027": ("2027-12-30T10:00", 1, "2028-01-03T16:00"),
    "the day before the clocks go forward": ("2026-03-28T10:00", 1, "2026-03-30T16:00"),
    "the day the clocks go back": ("2026-10-25T10:00", 1, "2026-10-26T16:00"),
    "a quarter": ("2026-01-15T10:00", 60, "2026-04-13T16:00"),
}
"""From, working days, until; counted by hand."""


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_limit_ends_when_counted_by_hand(limit: tuple[str, int, str]) -> None:
    """The day of the event does not count; it ends at closing on a working day (SGB X §26)."""
    start, days, end = limit
    assert office.add_working_days(local(start), days) == local(end)
    assert office.working_days_between(local(start), local(end)) == days


@pytest.mark.parametrize("days", [0, -1])
def test_limit_of_no_day_is_none(days: int) -> None:
    """A limit below one day is a mistake of ours."""
    with pytest.raises(ValueError, match="one working day"):
        office.add_working_days(local("2026-03-06T10:00"), days)


HOURS: Final = {
    "within a day": ("2026-03-09T09:15", "2026-03-09T10:00", 0.75),
    "before opening": ("2026-03-09T05:00", "2026-03-09T09:00", 1),
    "after closing": ("2026-03-09T15:00", "2026-03-09T22:00", 1),
    "over night": ("2026-03-09T15:30", "2026-03-10T08:30", 1),
    "over a weekend": ("2026-03-06T15:00", "2026-03-09T09:00", 2),
    "over Easter": ("2026-04-02T15:00", "2026-04-07T09:00", 2),
    "on a weekend": ("2026-03-07T00:00", "2026-03-08T23:59", 0),
    "over the year's end": ("2026-12-30T12:00", "2027-01-04T12:00", 8),
    "over clocks going forward": ("2026-03-27T15:00", "2026-03-30T09:00", 2),
}


@pytest.mark.parametrize("hours", HOURS.values(), ids=HOURS)
def test_hours_are_those_counted_by_hand(hours: tuple[str, str, float]) -> None:
    """Only what the office works counts, and backwards it counts below zero."""
    start, end, expected = hours
    assert office.working_hours_between(local(start), local(end)) == timedelta(hours=expected)
    assert office.working_hours_between(local(end), local(start)) == -timedelta(hours=expected)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_day_on_which_the_clocks_change_is_as_long_as_it_was(day: str, hours: int) -> None:
    """Who is open day and night works 23 hours in March and 25 in October."""
    begins = local(f"{day}T00:00")
    ends = local(f"{date.fromisoformat(day) + timedelta(days=1)}T00:00")
    assert working_time(SHELTER).working_hours_between(begins, ends) == timedelta(hours=hours)


def test_hours_that_are_skipped_are_not_worked() -> None:
    """01:30-02:45 and 02:50-03:30, with 02:00-03:00 skipped: the hour from 01:30 to 03:30."""
    nights = working_time(NIGHTS)
    begins, ends = local("2026-03-29T00:00"), local("2026-03-30T00:00")
    assert nights.working_hours_between(begins, ends) == timedelta(hours=1)


def test_closing_hour_is_closed() -> None:
    """Open from the first moment to just before the last."""
    assert office.is_open(local("2026-03-09T08:00"))
    assert office.is_open(local("2026-03-09T15:59:59.999999"))
    assert not office.is_open(local("2026-03-09T16:00"))
    assert not office.is_open(local("2026-03-09T07:59:59.999999"))


def test_town_hall_closes_when_it_says() -> None:
    """A limit ends at the last closing hour of that very day, and a closed day is passed over."""
    hall = working_time(TOWN_HALL)
    assert hall.add_working_days(local("2026-03-09T10:00"), 1) == local("2026-03-10T16:00")
    assert hall.add_working_days(local("2026-03-11T10:00"), 1) == local("2026-03-12T18:30")
    assert hall.add_working_days(local("2026-03-12T10:00"), 1) == local("2026-03-13T12:00")
    assert hall.add_working_days(local("2026-05-13T10:00"), 1) == local("2026-05-18T12:00")
    assert hall.add_working_days(local("2027-05-13T10:00"), 1) == local("2027-05-14T12:00")
    assert not hall.is_open(local("2026-03-10T12:30"))


def test_bavaria_keeps_other_holidays() -> None:
    """Heilige Drei Könige and Allerheiligen are no working days beyond the Main."""
    bavaria = working_time(Calendar(land="DE-BY"))
    for day in ("2026-01-06", "2027-11-01"):
        assert office.is_open(local(f"{day}T10:00"))
        assert not bavaria.is_open(local(f"{day}T10:00"))


def _quarters(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += QUARTER


def _open_by_the_book(calendar: Calendar, at: datetime) -> bool:
    """The same said the slow way: look at the wall clock and at the library's own calendar."""
    there = at.astimezone(BERLIN)
    country, _, land = calendar.land.partition("-")
    iso = there.date().isoformat()
    free = country_holidays(country, subdiv=land, years=there.year)
    if there.date() in free or iso in calendar.closed or iso[5:] in calendar.closed:
        return False
    minute = there.hour * 60 + there.minute
    return any(a <= minute < b for a, b in read_week(calendar.hours)[there.weekday()])


QUARTER: Final = timedelta(minutes=15)
STRETCHES: Final = ("2026-03-28", "2026-04-01", "2026-05-13", "2026-10-24", "2026-12-23")


@pytest.mark.parametrize("stretch", STRETCHES)
@pytest.mark.parametrize("calendar", [OFFICE, TOWN_HALL, SHELTER])
def test_hours_are_the_open_quarters(calendar: Calendar, stretch: str) -> None:
    """Counted by the quarter of an hour over holidays, clock changes and Christmas: the same."""
    start = local(f"{stretch}T00:00").astimezone(UTC)
    end = start + timedelta(days=4)
    opened = [at for at in _quarters(start, end) if _open_by_the_book(calendar, at)]
    hours = working_time(calendar)
    assert hours.working_hours_between(start, end) == QUARTER * len(opened)
    assert [at for at in _quarters(start, end) if hours.is_open(at)] == opened


@PATIENT
@given(any_calendar, any_moment, any_moment, any_moment)
def test_working_time_is_additive(
    calendar: Calendar, a: datetime, b: datetime, c: datetime
) -> None:
    """From a to b and from b to c is from a to c, in hours and in days, in whatever order."""
    hours = working_time(calendar)
    between, days = hours.working_hours_between, hours.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert days(a, b) + days(b, c) == days(a, c)


@PATIENT
@given(any_calendar, any_moment, any_number)
def test_days_added_are_days_counted(calendar: Calendar, start: datetime, n: int) -> None:
    """A limit of n days is n days long, ends while nobody works any more, and never before it."""
    hours = working_time(calendar)
    end = hours.add_working_days(start, n)
    tick = timedelta(microseconds=1)
    assert end > start
    assert hours.is_open(end - tick)
    assert hours.working_days_between(start, end - tick) == n


@PATIENT
@given(any_calendar, any_moment, any_number, any_number)
def test_limits_follow_each_other(calendar: Calendar, start: datetime, n: int, m: int) -> None:
    """From the last day of a limit, another leads where both together would have led."""
    if calendar in (SHELTER, NIGHTS):
        return  # they close at midnight, on the day after
    hours = working_time(calendar)
    first = hours.add_working_days(start, n)
    assert hours.add_working_days(first, m) == hours.add_working_days(start, n + m)


@PATIENT
@given(any_calendar, any_moment, any_time)
def test_time_worked_after_a_moment_is_that_time(
    calendar: Calendar, start: datetime, working: timedelta
) -> None:
    """The first moment by which so much was worked, exactly."""
    hours = working_time(calendar)
    end = hours.after(start, working)
    assert end >= start
    assert hours.working_hours_between(start, end) == working
    if end > start:
        before = hours.working_hours_between(start, end - timedelta(microseconds=1))
        assert before < working


@PATIENT
@given(any_calendar, any_moment, any_number)
def test_hours_of_a_limit_lead_to_its_end(calendar: Calendar, start: datetime, n: int) -> None:
    """The working hours of a limit end with it: at the closing hour, not on the next morning."""
    hours = working_time(calendar)
    end = hours.add_working_days(start, n)
    assert hours.after(start, hours.working_hours_between(start, end)) == end


@PATIENT
@given(st.datetimes(timezones=st.just(UTC)), any_number, any_time)
def test_no_moment_is_too_far(at: datetime, n: int, working: timedelta) -> None:
    """Whatever stands on a record, counting ends with a moment that a calendar has."""
    for end in (office.add_working_days(at, n), office.after(at, working)):
        assert FIRST <= end <= LAST
    office.is_open(at)
    assert office.working_hours_between(FIRST, at) >= timedelta()
    assert office.working_days_between(at, LAST) >= 0


def test_every_land_is_known_for_every_year() -> None:
    """Nine holidays at least in each of the sixteen, from the first to the last year."""
    for land in LANDS:
        for year in (YEARS[0], 2026, YEARS[-1]):
            assert len(public_holidays(land, year)) >= 9, (land, year)


def test_offices_with_the_same_hours_share_their_years() -> None:
    """What was worked out for one town hall is there for all."""
    assert working_time(Calendar(*OFFICE)) is office


def test_ten_thousand_counts_take_less_than_a_second(chance: Random) -> None:
    """From nothing known: a year of referrals, each with a limit, its half and the time taken."""
    fresh = WorkingTime(OFFICE)
    year = local("2026-01-01T00:00")
    starts = [year + timedelta(seconds=chance.randrange(365 * 86_400)) for _ in range(10_000)]
    public_holidays("DE-HE", 2026)
    began = time.process_time()
    for start in starts:
        end = fresh.add_working_days(start, 5)
        fresh.after(start, fresh.working_hours_between(start, end) / 2)
    assert time.process_time() - began < 1


MISTAKES: Final = {
    "no hours": (("Mo-Fr",), "says no hours"),
    "no day": (("08:00-16:00",), "says no hours"),
    "an unknown day": (("Mi 08:00-16:00",), "no day"),
    "a dash too many": (("Mo- 08:00-16:00",), "no day"),
    "backwards in the week": (("Fr-Mo 08:00-16:00",), "backwards"),
    "backwards in the day": (("Mo 16:00-08:00",), "must end after"),
    "no time at all": (("Mo 08:00-08:00",), "must end after"),
    "past midnight": (("Mo 08:00-24:01",), "must end after"),
    "sixty minutes": (("Mo 08:60-16:00",), "says no hours"),
    "one digit": (("Mo 8:00-16:00",), "says no hours"),
    "twice the same": (("Mo-Fr 08:00-16:00", "Fr 15:00-18:00"), "given twice"),
    "never open": ((), "no open hour"),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_hours_that_cannot_be_meant_are_refused(mistake: tuple[tuple[str, ...], str]) -> None:
    """Each mistake is named, with how to write it."""
    lines, says = mistake
    with pytest.raises(ValueError, match=says):
        read_week(lines)


def test_lines_add_up() -> None:
    """Several lines for a day, in any order, are its spans in order."""
    week = read_week(("Th 14:00-18:00", "Mo-Fr 08:00-12:00", "Sa 09:00-24:00"))
    assert week[0] == ((480, 720),)
    assert week[3] == ((480, 720), (840, 1080))
    assert week[5] == ((540, 1440),)
    assert week[6] == ()
