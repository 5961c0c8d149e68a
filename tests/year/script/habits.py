"""How soon an office acts, as a share of the time agreed: in time, late, or never."""

import random
from typing import Final

from tests.year.offices import OFFICES

NEVER: Final = float("inf")
ANSWERS: Final = ((0.62, 0.02, 0.5), (0.18, 0.5, 0.97), (0.1, 1.0, 2.0), (0.06, 2.0, 2.6))
ENDS: Final = ((0.45, 0.02, 0.5), (0.28, 0.5, 0.97), (0.12, 1.0, 2.0), (0.05, 2.0, 3.0))
"""How likely, from which share, up to which; what is left of 1 happens never."""


class Habits:
    """What each office is like, by seeded chance."""

    def __init__(self, chance: random.Random) -> None:
        """Give each office a pace of its own."""
        self._chance = chance
        self._pace = {office.id: chance.uniform(0.7, 1.3) for office in OFFICES}

    def answers(self, party: str) -> float:
        """After which share of its time it answers; NEVER if it does not."""
        return self._drawn(ANSWERS, party)

    def ends(self, party: str) -> float:
        """After which share of its time it says how it ended; NEVER if it does not."""
        return self._drawn(ENDS, party)

    def _drawn(self, table: tuple[tuple[float, float, float], ...], party: str) -> float:
        left = self._chance.random()
        for likely, first, last in table:
            if left < likely:
                return self._chance.uniform(first, last) * self._pace[party]
            left -= likely
        return NEVER
