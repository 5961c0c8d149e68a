"""One year of an office's working time, laid out to be looked up."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

from hub.domain.opening_hours import Span, Week
from hub.domain.public_holidays import public_holidays

ZONE: Final = ZoneInfo("Europe/Berlin")
"""The time all offices keep."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)
"""What working time is counted in: whole numbers, so that sums are exact."""


class WorkingYear:
    """The working days and open spans of one year; moments are ticks since 1970."""

    __slots__ = ("before", "closes", "days", "ends", "number", "opens", "worked")

    def __init__(self, number: int, week: Week, land: str, closed: Sequence[str]) -> None:
        """Lay out the year of a Land for an office with these hours and closed days."""
        self.number = number
        working = list(_working_days(number, week, public_holidays(land, number), closed))
        self.days = [day.toordinal() for day, _ in working]
        """Each working day, as `date.toordinal`."""
        self.ends = [spans[-1][1] for _, spans in working]
        """The closing hour of each."""
        flat = [span for _, spans in working for span in spans]
        self.opens = [opens for opens, _ in flat]
        self.closes = [closes for _, closes in flat]
        *self.before, self.worked = accumulate((c - o for o, c in flat), initial=0)
        """How much was worked in the year before each span, and in all of it."""

    def days_until(self, day: date) -> int:
        """How many working days the year has had with this day."""
        return bisect_right(self.days, day.toordinal())

    def worked_until(self, tick: int) -> int:
        """How much was worked in the year until this moment."""
        found = bisect_right(self.opens, tick) - 1
        if found < 0:
            return 0
        return self.before[found] + min(tick, self.closes[found]) - self.opens[found]


def _working_days(
    number: int, week: Week, holidays: frozenset[date], closed: Sequence[str]
) -> Iterator[tuple[date, list[Span]]]:
    """Each working day of the year with its spans in ticks."""
    for ordinal in range(date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        iso = day.isoformat()
        if day in holidays or iso in closed or iso[5:] in closed:
            continue
        if spans := _spans(day, week[day.weekday()]):
            yield day, spans


def _spans(day: date, hours: Sequence[Span]) -> list[Span]:
    """The spans of a day as they happened; what was skipped altogether is not among them."""
    ticks = [(_tick(day, begins), _tick(day, ends)) for begins, ends in hours]
    return [(opens, closes) for opens, closes in ticks if opens < closes]


def _tick(day: date, minute: int) -> int:
    """A minute of the day on the office's clock; one that is skipped in March is the next."""
    local = datetime.combine(day, time(), ZONE) + timedelta(minutes=minute)
    while local.astimezone(UTC).astimezone(ZONE).time() != local.time():
        local += timedelta(minutes=1)
    return (local.astimezone(UTC) - EPOCH) // TICK
