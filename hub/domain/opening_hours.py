"""When an office is open in a week, read from how people write it: `Mo-Fr 08:00-16:00`."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
"""The days of the week, as iCalendar and OpenStreetMap shorten them."""
Span = tuple[int, int]
"""Open from and until, in minutes since midnight; 1440 is midnight again."""
Week = tuple[tuple[Span, ...], ...]
"""The spans of each of the seven days, Monday first, in order."""
_LINE: Final = re.compile(r"(?P<days>\S+) +(?P<hours>\S+)")
_HOURS: Final = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", re.ASCII)
_SHAPE: Final = "write days and hours like 'Mo-Fr 08:00-16:00' or 'Tu,Th 08:00-12:00,13:00-18:00'"


def read_week(lines: Iterable[str]) -> Week:
    """The week these lines say; raises ValueError with what is wrong and how to write it.

    A day named by several lines is open in the hours of all of them.
    """
    week: list[list[Span]] = [[] for _ in DAYS]
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"{line!r} says no hours; {_SHAPE}")
        spans = [_span(text) for text in found["hours"].split(",")]
        for day in _days(found["days"]):
            week[day] += spans
    for spans in week:
        spans.sort()
        if any(following[0] < before[1] for before, following in pairwise(spans)):
            raise ValueError("the same hours are given twice; give each once")
    if not any(week):
        raise ValueError(f"there is no open hour in the week; {_SHAPE}")
    return tuple(map(tuple, week))


def _days(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"{part!r} is no day; use {', '.join(DAYS)}")
        begins, ends = DAYS.index(first), DAYS.index(last or first)
        if ends < begins:
            raise ValueError(f"{part!r} runs backwards; the week begins on Monday")
        yield from range(begins, ends + 1)


def _span(text: str) -> Span:
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} says no hours; {_SHAPE}")
    hour, minute, last_hour, last_minute = map(int, found.groups())
    begins, ends = hour * 60 + minute, last_hour * 60 + last_minute
    if begins >= ends or ends > 24 * 60:
        raise ValueError(f"{text!r} must end after it begins, and at 24:00 at most")
    return begins, ends
