"""The moments to which the clock is turned: things are said at these, and at no other.

They lie seven minutes past the hour and the half-hour. Offices open and close at full and half
hours, so that no time is over near a tick: the end of a limit lies seven minutes from the nearest,
half of one three and a half. A tick may take nearly so long to be played, and the same happens.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

from tests.year.offices import Office
from tests.year.working_days import BERLIN, holidays, is_open, local_day

PAST: Final = 7
"""Minutes past each hour and half-hour."""
HOURS: Final = range(7, 19)
"""The hours of a working day's ticks, in Berlin."""
SATURDAY: Final = 5
IDLE_HOUR: Final = 12
"""The hour of the one tick of any other day."""
SLACK: Final = timedelta(minutes=3)
"""How long a tick may take to be played."""


@cache
def ticks(day: date) -> tuple[datetime, ...]:
    """The ticks of a day, in order."""
    if day.weekday() >= SATURDAY or day in holidays(day.year):
        return (_moment(day, IDLE_HOUR, 0),)
    return tuple(_moment(day, hour, half) for hour in HOURS for half in (0, 30))


def first_in_hours(office: Office, after: datetime) -> datetime:
    """The first tick after this moment at which the office works."""
    return next(tick for tick in _from(after) if tick > after and is_open(office, tick))


def first_of_a_day(at: datetime) -> datetime:
    """The first tick of a working day, at this moment or later: no office is open yet."""
    day = local_day(at)
    while len(ticks(day)) == 1 or ticks(day)[0] < at:
        day += timedelta(days=1)
    return ticks(day)[0]


def all_ticks(first: date, days: int) -> list[datetime]:
    """The ticks of so many days."""
    return [tick for nth in range(days) for tick in ticks(first + timedelta(days=nth))]


def _from(at: datetime) -> Iterator[datetime]:
    day = local_day(at)
    while True:
        yield from ticks(day)
        day += timedelta(days=1)


def _moment(day: date, hour: int, half: int) -> datetime:
    return datetime.combine(day, time(hour, half + PAST), BERLIN).astimezone(UTC)
