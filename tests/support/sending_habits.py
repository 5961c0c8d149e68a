"""When the offices of the district send: a year of habits, drawn by chance."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from hub.domain.parties import Kind, Parties, Party
from hub.domain.working_year import ZONE

Habit = Callable[[random.Random, date], Iterator[time]]
"""At what times an office sends on a working day of its own."""
SCHOOL_HOLIDAYS: Final = (
    (date(2026, 3, 30), date(2026, 4, 10)),
    (date(2026, 6, 29), date(2026, 8, 7)),
    (date(2026, 10, 5), date(2026, 10, 17)),
)
"""Hessen, 2026: less is sent then."""


def every_half_day(chance: random.Random, _day: date) -> Iterator[time]:
    """Once in the morning and once in the afternoon, never quite at the same time."""
    yield time(9, chance.randrange(60))
    yield time(13 + chance.randrange(2), chance.randrange(60))


def by_chance(each_day: float) -> Habit:
    """Whenever a client comes: so many times a day on average, less in the school holidays."""

    def habit(chance: random.Random, day: date) -> Iterator[time]:
        rate = each_day * (0.6 if any(a <= day <= b for a, b in SCHOOL_HOLIDAYS) else 1)
        hour = 8.0
        while (hour := hour + chance.expovariate(rate / 8)) < 16:
            yield time(int(hour), int(hour % 1 * 60))

    return habit


def at_night(chance: random.Random, _day: date) -> Iterator[time]:
    """A file that the computer centre sends in the small hours."""
    yield time(2, chance.randrange(60))


def on_two_days(chance: random.Random, day: date) -> Iterator[time]:
    """Somebody who works on Tuesdays and Thursdays only."""
    if day.weekday() in (1, 3):
        for _ in range(chance.randrange(1, 6)):
            yield time(9 + chance.randrange(3), chance.randrange(60))


def in_bursts(chance: random.Random, _day: date) -> Iterator[time]:
    """A pile worked off at once, on most days."""
    if chance.random() < 0.8:
        hour = chance.randrange(8, 16)
        for minute in sorted(chance.sample(range(60), 12)):
            yield time(hour, minute)


HABITS: Final[tuple[Habit, ...]] = (
    every_half_day,
    *(by_chance(rate) for rate in (0.3, 0.7, 1.5, 3, 6)),
    at_night,
    on_two_days,
    in_bursts,
)


def year(
    party: Party, habit: Habit, chance: random.Random, first: date, days: int
) -> Iterator[datetime]:
    """When a party sends from this day on, in order."""
    for number in range(days):
        day = first + timedelta(days=number)
        noon = datetime.combine(day, time(12), ZONE)
        if party.working_time.working_days_between(noon - timedelta(days=1), noon):
            for at in sorted(habit(chance, day)):
                yield datetime.combine(day, at, ZONE).astimezone(UTC)


def municipalities(parties: Parties) -> list[Party]:
    """The parties that have a habit."""
    return [party for party in parties.party if party.kind is Kind.MUNICIPALITY]
