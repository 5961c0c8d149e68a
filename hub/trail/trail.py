"""The trail of a case: every step from sent to outcome, and who has to do something now."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.trail.handover import open_handover
from hub.trail.line import Line
from hub.trail.offices import Offices
from hub.trail.steps import Step, Stored, steps_of
from hub.trail.way import Way, ways_of


@dataclass(frozen=True, slots=True)
class Timed:
    """A step and the working time it took."""

    step: Step
    took: timedelta
    """Working time since the step before, by the hours of the party that took this one."""
    since_sent: timedelta
    """Working time since the case began."""


@dataclass(frozen=True, slots=True)
class Trail:
    """What has become of one case so far."""

    case: str
    sender: str | None
    service: str | None
    owner: str | None
    status: str | None
    """Where the referral stands; None for a case that is no referral."""
    waits_for: str | None
    """Who has to do something about the referral now."""
    due_at: datetime | None
    """Until when an answer is due, as long as there is none."""
    overdue: bool
    open_handover: str | None
    """The carrier that pays until another continues (SGB X §2(3))."""
    steps: tuple[Timed, ...]


def trail_of(
    lines: Sequence[Line],
    now: datetime,
    offices: Offices,
    stored: Stored,
    asked: Container[str] = (),
) -> Trail:
    """The trail of a case, of its lines in order; there is one at least.

    How an event travelled is told of the first event and of those `asked` for by their id or by
    the id of a copy.
    """
    ways = ways_of(lines)
    way = ways[-1] if ways else None
    handover = open_handover(lines)
    due_at = _due(way, offices) if way else None
    return Trail(
        case=lines[0].subject,
        sender=way.sender if way else lines[0].sender,
        service=way.offer_id or way.service if way else None,
        owner=way.owner if way else None,
        status=way.status if way else None,
        waits_for=way.waits_for if way else None,
        due_at=due_at,
        overdue=due_at is not None and due_at < now,
        open_handover=handover.carrier if handover else None,
        steps=_timed(_steps(lines, stored, asked), offices),
    )


def told_in_full(lines: Sequence[Line], asked: Container[str]) -> list[Line]:
    """The lines of which it is told how they travelled."""
    return [line for nth, line in enumerate(lines) if nth == 0 or _is_asked(line, asked)]


def _is_asked(line: Line, asked: Container[str]) -> bool:
    return line.event_id in asked or any(one.event_id in asked for one in line.written)


def _steps(lines: Sequence[Line], stored: Stored, asked: Container[str]) -> list[Step]:
    steps: list[Step] = []
    for nth, line in enumerate(lines):
        steps += steps_of(line, stored, transport=nth == 0 or _is_asked(line, asked))
    return sorted(steps, key=lambda step: step.at)


def _due(way: Way, offices: Offices) -> datetime | None:
    """Until when an answer is due, if one is."""
    asking = way.askings[-1]
    if asking.answered_at is not None or asking.over_at is not None:
        return None
    return asking.due_at or offices.answer_due(asking.owner, asking.asked_at)


def _timed(steps: Sequence[Step], offices: Offices) -> tuple[Timed, ...]:
    if not steps:
        return ()
    began = before = next((step.at for step in steps if step.name != "filed"), steps[0].at)
    timed = []
    for step in steps:
        took = offices.worked(step.party, before, step.at)
        timed.append(Timed(step, took, offices.worked(step.party, began, step.at)))
        before = max(before, step.at)
    return tuple(timed)
