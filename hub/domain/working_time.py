"""Working time of an office: which days count, how many hours passed, when a time limit ends.

Days are counted as SGB X §26 and BGB §§187(1), 188(1), 193 count them: the day of the event does
not count, and a limit ends on a working day. Here it ends when the office closes on that day.
Working days are the days with opening hours that are neither public holidays nor closed days.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from hub.domain.opening_hours import read_week
from hub.domain.public_holidays import YEARS
from hub.domain.working_year import EPOCH, TICK, ZONE, WorkingYear

FIRST: Final = datetime(YEARS[0], 1, 1, tzinfo=ZONE).astimezone(UTC)
LAST: Final = datetime(YEARS[-1], 12, 31, 23, 59, 59, tzinfo=ZONE).astimezone(UTC)
"""Moments before the first and after the last are counted as these."""


class Calendar(NamedTuple):
    """What decides when an office works."""

    land: str = "DE-HE"
    """Whose public holidays it keeps (ISO 3166-2)."""
    hours: tuple[str, ...] = ("Mo-Fr 08:00-16:00",)
    """Its opening hours, as `opening_hours` reads them."""
    closed: tuple[str, ...] = ()
    """Further days it is closed: `12-24` in each year, `2026-05-15` in that one."""


@cache
def working_time(calendar: Calendar) -> "WorkingTime":
    """The working time of a calendar: one for all offices that share it."""
    return WorkingTime(calendar)


class WorkingTime:
    """Counts the working time of one calendar; what it works out of a year it keeps.

    It takes moments with their offset and gives them in UTC.
    """

    def __init__(self, calendar: Calendar) -> None:
        """Read the opening hours; raises ValueError if they cannot be read."""
        self.calendar = calendar
        self._week = read_week(calendar.hours)
        self._years: dict[int, WorkingYear] = {}

    def is_open(self, at: datetime) -> bool:
        """Whether the office works at this moment; at its closing hour it no longer does."""
        year, tick = self._year(at)
        found = bisect_right(year.opens, tick) - 1
        return found >= 0 and tick < year.closes[found]

    def add_working_days(self, start: datetime, n: int) -> datetime:
        """When a limit of `n` working days ends: on the last of them, at the closing hour.

        The day of `start` does not count, whatever the hour. Raises ValueError below one day.
        """
        found = self._limit(_drawn(start).astimezone(ZONE), n)
        return LAST if found is None else _moment(found[1])

    def half_way(self, start: datetime, n: int, more: timedelta) -> datetime:
        """When half of the working time of such a limit is over, and so much `more`."""
        drawn = _drawn(start)
        local = drawn.astimezone(ZONE)
        year, begins = self._year_of(local.year), (drawn - EPOCH) // TICK
        found = self._limit(local, n)
        last, ends = found or self._year(LAST)
        whole = sum(self._year_of(y).worked for y in range(year.number, last.number))
        before = year.worked_until(begins)
        half = (whole + last.worked_until(ends) - before) // 2
        return self._worked(year, before + half + more // TICK)

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """The working days after the day of `start`, up to and with that of `end`.

        Below zero if `end` comes first, as for every difference.
        """
        if end < start:
            return -self.working_days_between(end, start)
        first, last = (_drawn(at).astimezone(ZONE).date() for at in (start, end))
        whole = sum(len(self._year_of(y).days) for y in range(first.year, last.year))
        before = self._year_of(first.year).days_until(first)
        return whole + self._year_of(last.year).days_until(last) - before

    def working_hours_between(self, start: datetime, end: datetime) -> timedelta:
        """How long the office worked from one moment to the other; exact, and additive.

        Below zero if `end` comes first, as for every difference.
        """
        if end < start:
            return -self.working_hours_between(end, start)
        first, begins = self._year(start)
        last, ends = self._year(end)
        whole = sum(self._year_of(y).worked for y in range(first.number, last.number))
        return TICK * (whole + last.worked_until(ends) - first.worked_until(begins))

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The first moment at which the office has worked that long since `start`.

        A time that ends with a working day ends at its closing hour, not when the next begins.
        """
        ticks = working // TICK
        if ticks <= 0:
            return _drawn(start)
        year, begins = self._year(start)
        return self._worked(year, year.worked_until(begins) + ticks)

    def _worked(self, year: WorkingYear, wanted: int) -> datetime:
        """The first moment at which so much was worked since the year began."""
        while wanted > year.worked:
            if year.number + 1 not in YEARS:
                return LAST
            wanted -= year.worked
            year = self._year_of(year.number + 1)
        found = bisect_left(year.before, wanted) - 1
        return _moment(year.opens[found] + wanted - year.before[found])

    def _limit(self, local: datetime, n: int) -> tuple[WorkingYear, int] | None:
        """The year in which a limit ends, and the tick; None beyond the last known year."""
        if n < 1:
            raise ValueError("A limit has one working day at least.")
        year = self._year_of(local.year)
        wanted = year.days_until(local.date()) + n
        while wanted > len(year.days):
            if year.number + 1 not in YEARS:
                return None
            wanted -= len(year.days)
            year = self._year_of(year.number + 1)
        return year, year.ends[wanted - 1]

    def _year(self, at: datetime) -> tuple[WorkingYear, int]:
        """The year a moment lies in on the office's clock, and the moment's tick."""
        drawn = _drawn(at)
        return self._year_of(drawn.astimezone(ZONE).year), (drawn - EPOCH) // TICK

    def _year_of(self, number: int) -> WorkingYear:
        year = self._years.get(number)
        if year is None:
            year = WorkingYear(number, self._week, self.calendar.land, self.calendar.closed)
            self._years[number] = year
        return year


def _drawn(at: datetime) -> datetime:
    """The moment in UTC; one whose holidays nobody knows is drawn to the nearest known."""
    return min(max(at, FIRST), LAST).astimezone(UTC)


def _moment(tick: int) -> datetime:
    return EPOCH + TICK * tick
