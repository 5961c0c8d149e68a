"""Working days and working time, counted a second time and without the hub: day by day.

The day of an event does not count; a limit of so many working days ends when the office closes on
the last of them. Public holidays are Hessen's.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from holidays import country_holidays

from tests.year.offices import Office

BERLIN: Final = ZoneInfo("Europe/Berlin")
DAY: Final = timedelta(days=1)
WEEK: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
Span = tuple[datetime, datetime]


@cache
def holidays(year: int) -> frozenset[date]:
    """Hessen's public holidays of a year."""
    return frozenset(country_holidays("DE", subdiv="HE", years=year))


@cache
def spans(office: Office, day: date) -> tuple[Span, ...]:
    """When the office works on this day, in UTC; nothing on a day that is no working day."""
    if day in holidays(day.year) or office.closes_on(day):
        return ()
    weekday = WEEK[day.weekday()]
    found = [span for days, each in office.hours if weekday in _weekdays(days) for span in each]
    return tuple((_moment(day, begins), _moment(day, ends)) for begins, ends in sorted(found))


def is_open(office: Office, at: datetime) -> bool:
    """Whether it works at this moment."""
    return any(begins <= at < ends for begins, ends in spans(office, local_day(at)))


@cache
def end_of_limit(office: Office, since: datetime, working_days: int) -> datetime:
    """When a limit of so many working days ends."""
    day = local_day(since)
    while working_days:
        day += DAY
        working_days -= bool(spans(office, day))
    return spans(office, day)[-1][1]


@cache
def worked(office: Office, begins: datetime, ends: datetime) -> timedelta:
    """How long the office worked from one moment to a later one; nothing to an earlier one."""
    total = timedelta()
    for opens, closes in _from(office, begins):
        if opens >= ends:
            return total
        total += max(timedelta(), min(closes, ends) - max(opens, begins))
    return total


@cache
def after(office: Office, begins: datetime, working: timedelta) -> datetime:
    """The first moment at which the office has worked that long."""
    if not working:
        return begins
    for opens, closes in _from(office, begins):
        left = closes - max(opens, begins)
        if left <= timedelta():
            continue
        if working <= left:
            return max(opens, begins) + working
        working -= left
    raise OverflowError("beyond the calendar")


def local_day(at: datetime) -> date:
    """The day in Berlin."""
    return at.astimezone(BERLIN).date()


def local_month(at: datetime) -> str:
    """The month in Berlin: `2026-02`."""
    return local_day(at).isoformat()[:7]


def _from(office: Office, at: datetime) -> Iterator[Span]:
    """The spans from the day of this moment on."""
    day = local_day(at)
    while day < date.max:
        yield from spans(office, day)
        day += DAY


def _moment(day: date, minute: int) -> datetime:
    local = datetime.combine(day, time(minute // 60, minute % 60), BERLIN)
    return local.astimezone(UTC)


@cache
def _weekdays(days: str) -> frozenset[str]:
    found: set[str] = set()
    for part in days.split(","):
        first, _, last = part.partition("-")
        found.update(WEEK[WEEK.index(first) : WEEK.index(last or first) + 1])
    return frozenset(found)
