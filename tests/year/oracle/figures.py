"""The report's figures, worked out from the script: what `hub report` must say of the year."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from tests.support.district import BY_AGS
from tests.year.offices import BY_ID
from tests.year.oracle.expected import Expected
from tests.year.oracle.life import Life
from tests.year.oracle.way import Way, way_of
from tests.year.working_days import local_month, worked

ALL: Final = "all"
HOUR: Final = timedelta(hours=1)
Place = tuple[str, str]
"""Municipality and month; `all` stands for every one."""
Figures = dict[Place, dict[str, Any]]


@dataclass(slots=True)
class Sum:
    """What is counted of one municipality in one month."""

    referrals: int = 0
    accepted: int = 0
    to_acceptance: list[float] = field(default_factory=list)
    to_appointment: list[float] = field(default_factory=list)
    in_all: list[float] = field(default_factory=list)
    answers: list[bool] = field(default_factory=list)
    """Of each answer that was due, whether it came in time."""
    rejected: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)
    open_handovers: int = 0

    def figures(self) -> dict[str, Any]:
        """As the report names them."""
        due, in_time = len(self.answers), sum(self.answers)
        return {
            "referrals": self.referrals,
            "accepted": self.accepted,
            "appointments": len(self.in_all),
            "hours_to_acceptance": _median(self.to_acceptance),
            "hours_to_appointment": _median(self.to_appointment),
            "hours_in_all": _median(self.in_all),
            "answers_due": due,
            "answers_in_time": in_time,
            "share_in_time": in_time / due if due else None,
            "rejected": dict(self.rejected),
            "refused": dict(self.refused),
            "offers_used": dict(self.used),
            "open_handovers": self.open_handovers,
        }


def figures(expected: Expected, now: datetime) -> Figures:
    """Every figure of the script as it stands now."""
    sums: dict[Place, Sum] = {}
    for lives in expected.lives.values():
        for life in lives:
            for one in _of(sums, (life.sender, life.first_owner), life.asked_at):
                _count(one, life, way_of(life, now))
    for told in expected.told:
        if told.refused is not None and not told.saying.again:
            party = told.saying.event.context.party
            for one in _of(sums, (party,), told.saying.at):
                one.refused[told.refused.value] += 1
    for handover in expected.handovers.values():
        for one in _of(sums, (handover.reported_by, handover.carrier), handover.since):
            one.open_handovers += 1
    return {place: one.figures() for place, one in sums.items()}


def _of(sums: dict[Place, Sum], parties: Iterable[str], at: datetime) -> Iterator[Sum]:
    """Where it counts: at the first municipality among the parties, else at the first of them."""
    known = list(parties)
    place = next((party for party in known if party in BY_AGS), known[0])
    month = local_month(at)
    for key in ((place, month), (place, ALL), (ALL, month), (ALL, ALL)):
        yield sums.setdefault(key, Sum())


def _count(one: Sum, life: Life, way: Way) -> None:
    owner = BY_ID[life.owner]

    def hours(begins: datetime | None, ends: datetime | None) -> list[float]:
        if begins is None or ends is None:
            return []
        return [worked(owner, begins, ends) / HOUR]

    one.referrals += 1
    one.accepted += way.accepted_at is not None
    one.to_acceptance += hours(life.asked_at, way.accepted_at)
    one.to_appointment += hours(way.accepted_at, way.meeting_at)
    one.in_all += hours(life.asked_at, way.meeting_at)
    one.answers += way.answers
    one.rejected.update(way.rejections)
    if way.used is not None:
        one.used[way.used] += 1


def _median(values: list[float]) -> float | None:
    return round(median(values), 2) if values else None
