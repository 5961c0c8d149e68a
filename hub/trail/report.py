"""How short the ways were: the figures of the pilot's review, per municipality and month.

A referral counts in the month it was sent, with all that has become of it since. Its municipality
is the one that sent it, else the one it was sent to. Lengths are working time, by the opening
hours of the party that had the referral.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Final

from hub.trail.figures import Figures, Tally
from hub.trail.handover import open_handover
from hub.trail.line import Line
from hub.trail.local_time import month_of
from hub.trail.offices import Offices
from hub.trail.way import Asking, Way, ways_of

HOUR_S: Final = 3600
ALL: Final = ""
"""Stands for every municipality, or for every month."""
UNKNOWN: Final = "unknown"
Place = tuple[str, str]
"""Municipality and month."""


class Report:
    """Counts cases one after the other; it holds figures, never the lines."""

    def __init__(
        self,
        offices: Offices,
        first: datetime,
        until: datetime,
        now: datetime,
    ) -> None:
        """Count what began at `first` or later, before `until`, as it stands `now`."""
        self._offices = offices
        self._first = first
        self._until = until
        self._now = now
        self._tallies: dict[Place, Tally] = {}

    def count_referrals(self, lines: Iterable[Line]) -> None:
        """Count the ways of referrals; the lines of a case are together and in order."""
        for _, case in groupby(lines, key=lambda line: line.subject):
            for way in ways_of(case):
                if self._is_asked(way.sent_at):
                    self._count(way)

    def count_handovers(self, lines: Iterable[Line]) -> None:
        """Count the hand-overs still open; the lines of a case are together and in order."""
        for _, case in groupby(lines, key=lambda line: line.subject):
            found = open_handover(case)
            if found is not None and self._is_asked(found.opened_at):
                for tally in self._of((found.reported_by, found.carrier), found.opened_at):
                    tally.open_handovers += 1

    def count_refused(self, lines: Iterable[Line]) -> None:
        """Count the problems of refused events, by their senders."""
        for line in lines:
            if self._is_asked(line.received_at):
                for tally in self._of((line.sender,), line.received_at):
                    tally.refused.update(line.problems.split())

    def figures(self) -> list[Figures]:
        """Each municipality and month with anything to count; then the totals of each of them."""
        places = sorted(self._tallies, key=lambda place: (place.count(ALL), place[0] == ALL, place))
        return [self._tallies[place].figures(*place) for place in places]

    def _is_asked(self, at: datetime) -> bool:
        return self._first <= at < self._until

    def _of(self, parties: Iterable[str | None], at: datetime) -> Iterator[Tally]:
        known = [party for party in parties if party]
        ours = [party for party in known if party in self._offices.municipalities]
        municipality = next(iter([*ours, *known]), UNKNOWN)
        month = month_of(at)
        for place in ((municipality, month), (municipality, ALL), (ALL, month), (ALL, ALL)):
            yield self._tallies.setdefault(place, Tally())

    def _count(self, way: Way) -> None:
        accepted, met = way.accepted_at, way.first_appointment_at
        to_acceptance = self._hours(way, way.sent_at, accepted)
        to_appointment = self._hours(way, accepted, met)
        in_all = self._hours(way, way.sent_at, met)
        answers = [self._in_time(asking) for asking in way.askings]
        for tally in self._of((way.sender, way.askings[0].owner), way.sent_at):
            tally.referrals += 1
            tally.accepted += accepted is not None
            tally.to_acceptance.extend(to_acceptance)
            tally.to_appointment.extend(to_appointment)
            tally.in_all.extend(in_all)
            tally.due += len(answers) - answers.count(None)
            tally.in_time += answers.count(True)
            if way.rejections:
                tally.rejected.update(way.rejections)
            if way.is_used:
                tally.offers_used[way.offer_id or way.service or UNKNOWN] += 1

    def _hours(self, way: Way, start: datetime | None, end: datetime | None) -> tuple[float, ...]:
        """The working hours between, if both are known."""
        if start is None or end is None:
            return ()
        return (self._offices.worked(way.owner, start, end).total_seconds() / HOUR_S,)

    def _in_time(self, asking: Asking) -> bool | None:
        """Whether it was answered in time; None if no answer is due, or not yet."""
        due = asking.due_at or self._offices.answer_due(asking.owner, asking.asked_at)
        if asking.answered_at is not None:
            return asking.answered_at <= due
        return None if (asking.over_at or self._now) <= due else False
