"""A probe's way from a door to an inbox and back: how far it has come, and where it stays."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from hub.monitor.look import Place


class Stage(StrEnum):
    """A part of the way; a probe has come through all four."""

    DOOR = "door"
    """It lies on Kafka."""
    LANE = "lane"
    """A lane has moved it: its copy lies on the recipient's topic."""
    INBOX = "inbox"
    """Each of the recipient's sinks has kept a position behind it."""
    BACK = "back"
    """The monitor has its receipt."""


class Way(NamedTuple):
    """Where a probe is sent."""

    door: str
    recipient: str
    """A party."""
    inboxes: Mapping[str, Place]
    """The groups of its sinks, each with what it reads of the party."""


class Course(NamedTuple):
    """A probe on its way, as far as was seen."""

    id: str
    way: Way
    sent_at: datetime
    lies_at: Place | None = None
    """Where the door has put it."""
    offset: int = 0
    passed_behind: Mapping[str, int] = {}
    """By group: the position with which its copy is behind it."""
    kept: frozenset[str] = frozenset()
    """The groups that have told such a position."""
    reached: Mapping[Stage, datetime] = {}
    objection: str = ""
    """What the door, or the hub, said instead of taking it."""

    @property
    def is_over(self) -> bool:
        """Whether it has come through, or will not."""
        return bool(self.objection) or len(self.reached) == len(Stage)

    @property
    def next(self) -> Stage | None:
        """The first part of the way that it has not behind it."""
        return next((stage for stage in Stage if stage not in self.reached), None)


class Seen(NamedTuple):
    """One look: what has come where."""

    at: datetime
    handed_in: Mapping[str, tuple[Place, int]] = {}
    """By probe: where the doors have put it."""
    answers: Mapping[str, str] = {}
    """By probe: what it was refused for; empty: it was delivered."""
    moved: Mapping[Place, int] = {}
    """How far the workers are; asked before the ends."""
    ends: Mapping[Place, int] = {}
    """Where the recipients' topics end; asked before the sinks' positions."""
    kept: Mapping[tuple[str, Place], int] = {}
    """The position that each sink has told."""


def followed(course: Course, seen: Seen) -> Course:
    """The same probe after another look.

    That its inboxes are reached is read from their positions alone: whoever stands where the
    recipient's topic ended once the lane had moved the probe, has its copy behind it. No content
    of anybody's topic is read for that.
    """
    if course.is_over:
        return course
    reached = dict(course.reached)
    if course.lies_at is None and course.id in seen.handed_in:
        place, offset = seen.handed_in[course.id]
        course = course._replace(lies_at=place, offset=offset)
        reached[Stage.DOOR] = seen.at
    if course.id in seen.answers:
        course = course._replace(objection=seen.answers[course.id])
        reached.setdefault(Stage.BACK, seen.at)
    if Stage.LANE not in reached and _is_moved(course, seen):
        reached[Stage.LANE] = seen.at
    course = course._replace(reached=reached)
    if Stage.LANE in reached and Stage.INBOX not in reached:
        course = _arriving(course, seen)
    return course


def _is_moved(course: Course, seen: Seen) -> bool:
    if course.id in seen.answers:
        return not course.objection
    return course.lies_at is not None and seen.moved.get(course.lies_at, 0) > course.offset


def _arriving(course: Course, seen: Seen) -> Course:
    """Which of its inboxes have it."""
    inboxes = course.way.inboxes
    ends = {
        group: seen.ends[place] for group, place in inboxes.items() if place in seen.ends
    } | dict(course.passed_behind)
    kept = {
        group
        for group, end in ends.items()
        if (told := seen.kept.get((group, inboxes[group]))) is not None and told >= end
    }
    all_kept = course.kept | kept
    course = course._replace(passed_behind=ends, kept=all_kept)
    if all_kept >= inboxes.keys():
        course = course._replace(reached={**course.reached, Stage.INBOX: seen.at})
    return course
