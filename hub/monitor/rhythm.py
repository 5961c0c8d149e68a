"""A sender's own rhythm, learnt from when it sent, in the working time of its office.

Gaps are counted in working hours of the sender's own calendar, so that nights, weekends, holidays
and closed days are no silence. What comes within the same working hour is one sending: a file with
twenty referrals says no more about the rhythm than one with a single line.

How long a silence is usual follows from the gaps there were: beyond `patience` a sender like this
one is silent less than once in a million gaps (a gamma distribution of their mean and variance),
and also longer than it ever was.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from hub.domain.working_time import WorkingTime
from hub.domain.working_year import EPOCH

SLOT: Final = timedelta(hours=1)
"""What comes within so much working time is one sending."""
LEARNT_FROM: Final = 12
"""Fewer gaps than this say nothing."""
LEAST: Final = timedelta(hours=8)
"""A silence shorter than a working day is reported of nobody."""
BEYOND_LONGEST: Final = 1.5
"""How much longer than the longest gap so far a silence must be."""
RARE: Final = 4.75
"""Standard deviations of a normal distribution that one in a million exceeds."""


class Rhythm(NamedTuple):
    """How a sender sends; all in working time of its office."""

    sendings: int
    usual: timedelta
    """The median gap between two sendings."""
    longest: timedelta
    patience: timedelta
    """How long it may be silent before that is strange."""


def slot(moment: datetime, office: WorkingTime) -> int:
    """The working hour of the office that a moment belongs to, counted from the first known."""
    return office.working_hours_between(EPOCH, moment) // SLOT


def rhythm(sendings: Iterable[int]) -> Rhythm | None:
    """The rhythm of who sent in these slots; None where too little came to have one."""
    slots = sorted(set(sendings))
    gaps = [after - before for before, after in pairwise(slots)]
    if len(gaps) < LEARNT_FROM:
        return None
    longest = max(gaps)
    patience = max(_rare(gaps), BEYOND_LONGEST * longest, LEAST / SLOT)
    return Rhythm(len(slots), median(gaps) * SLOT, longest * SLOT, patience * SLOT)


def _rare(gaps: Sequence[int]) -> float:
    """The gap that one in a million exceeds (Wilson and Hilferty 1931, of the gamma's quantile)."""
    count = len(gaps)
    mean = sum(gaps) / count
    variance = sum(gap * gap for gap in gaps) / count - mean * mean
    if variance <= 0:
        return mean
    shape = mean * mean / variance
    spread = 1 / (9 * shape)
    return float(mean * (1 - spread + RARE * spread**0.5) ** 3)
