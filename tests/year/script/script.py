"""The script of a year: everything that anybody says, and when; the same for the same plan."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from tests.support.desk import Desk
from tests.support.people import People
from tests.year import ticks
from tests.year.script.habits import Habits
from tests.year.script.moves import move
from tests.year.script.offers import Shelf, offer
from tests.year.script.referrals import referral
from tests.year.script.saying import Saying

FIRST_DAY: Final = date(2025, 12, 1)
"""A Monday; its month has two closed days and the turn of the year, its year all holidays."""
YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Plan:
    """How long, and how much happens."""

    seed: int = 1
    days: int = YEAR
    referrals: int = 5000
    moves: int = 2000
    offers: int = 300

    def of_the_first(self, days: int) -> "Plan":
        """As much as falls into the first days of it."""
        share = days / self.days
        counts = (round(share * each) for each in (self.referrals, self.moves, self.offers))
        return Plan(self.seed, days, *counts)


@dataclass(frozen=True)
class Script:
    """What is said, tick by tick."""

    plan: Plan
    ticks: Sequence[datetime]
    sayings: Sequence[Saying]
    """In the order in which they are handed in."""
    referrals: Sequence[str]
    """The case of each referral."""
    moves: Sequence[str]
    offers: Sequence[str]

    @cached_property
    def at(self) -> dict[datetime, list[Saying]]:
        """What is said at each tick at which something is said."""
        found: dict[datetime, list[Saying]] = {}
        for saying in self.sayings:
            found.setdefault(saying.at, []).append(saying)
        return found


Tell = Callable[[datetime], Sequence[Saying]]


def write(plan: Plan) -> Script:
    """The script of this plan; what would be said after its last day is left out."""
    chance = random.Random(plan.seed)
    all_ticks = ticks.all_ticks(FIRST_DAY, plan.days)
    desk = Desk(chance, People(chance), all_ticks[0])
    habits, shelf = Habits(chance), Shelf()
    last = all_ticks[-1]

    def cases(count: int, tell: Tell) -> Iterator[list[Saying]]:
        begins = sorted(_beginning(chance, all_ticks) for _ in range(count))
        for begin in begins:
            yield [saying for saying in tell(begin) if saying.at <= last]

    offers = list(cases(plan.offers, lambda at: offer(desk, shelf, at)))
    moves = list(cases(plan.moves, lambda at: move(desk, at)))
    referrals = list(cases(plan.referrals, lambda at: referral(desk, habits, shelf, at)))
    told = [saying for case in (*offers, *moves, *referrals) for saying in case]
    told.sort(key=lambda saying: saying.at)
    return Script(plan, all_ticks, told, *(_cases(each) for each in (referrals, moves, offers)))


def _beginning(chance: random.Random, all_ticks: Sequence[datetime]) -> datetime:
    """When a case begins: any tick, but so early that its first saying falls into the time."""
    return all_ticks[chance.randrange(max(1, len(all_ticks) - _LAST_DAYS))]


_LAST_DAYS: Final = 4 * 24
"""So many ticks before the end nothing new begins: an office may be closed for some days."""


def _cases(told: Sequence[Sequence[Saying]]) -> list[str]:
    return [case[0].subject for case in told if case]
