"""What became of probes: through, or where they stay."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.monitor.probes import Course, Stage

ZERO: Final = timedelta(0)


class Probed(NamedTuple):
    """What became of the newest probe of a way."""

    door: str
    recipient: str
    sent_at: datetime
    took: Mapping[Stage, timedelta]
    """How long after it was sent each part of the way lay behind it."""
    stuck: Stage | None
    """The part of the way on which it stays; None: it came through."""
    at: str = ""
    """By whom: the door, the workers' group, the sinks' group, the topic of the answers."""
    objection: str = ""

    @property
    def total(self) -> timedelta | None:
        """How long the whole way took; None: it is not over."""
        return None if self.stuck else max(self.took.values())


class LeftOut(NamedTuple):
    """A door or a party that no probe is sent through or to."""

    name: str
    because: str


class Round(NamedTuple):
    """Probes sent together, and what became of them."""

    at: datetime
    probed: tuple[Probed, ...]
    left_out: tuple[LeftOut, ...]


def probed(course: Course, workers: str, answers: str) -> Probed:
    """What became of a probe whose time is over; `workers`: their group; `answers`: its topic."""
    stuck = course.next
    names = {Stage.DOOR: course.way.door, Stage.LANE: workers, Stage.BACK: answers}
    missing = sorted(course.way.inboxes.keys() - course.kept)
    at = names.get(stuck, ", ".join(missing)) if stuck else ""
    return Probed(
        door=course.way.door,
        recipient=course.way.recipient,
        sent_at=course.sent_at,
        took={stage: max(when - course.sent_at, ZERO) for stage, when in course.reached.items()},
        stuck=stuck,
        at=at,
        objection=course.objection,
    )


class Through(NamedTuple):
    """The newest probes of one door together."""

    door: str
    sent_at: datetime
    """When the newest of them was sent."""
    through: int
    stuck: int
    slowest: timedelta | None
    """The longest way of those that came through."""


def by_door(found: Iterable[Probed]) -> tuple[Through, ...]:
    """How each door stands, by its name."""
    doors: dict[str, list[Probed]] = {}
    for one in found:
        doors.setdefault(one.door, []).append(one)
    return tuple(_together(door, its) for door, its in sorted(doors.items()))


def _together(door: str, its: Sequence[Probed]) -> Through:
    took = [total for one in its if (total := one.total) is not None]
    return Through(
        door=door,
        sent_at=max(one.sent_at for one in its),
        through=len(took),
        stuck=len(its) - len(took),
        slowest=max(took, default=None),
    )
