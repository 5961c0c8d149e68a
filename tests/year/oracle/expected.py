"""What must become of the year: of each saying, of each time that is over, of each case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from schemas.problems import ProblemCode
from tests.year.oracle.life import Life
from tests.year.script.saying import Saying


class Copy(NamedTuple):
    """What a recipient must get of an event."""

    to: str
    kind: str
    """Its type, without version."""
    hidden: bool = False
    """Whether it must not show where the person lives."""


class Suggested(NamedTuple):
    """That an owner must hear of an offer that has begun to suit a referral."""

    to: str
    case: str


class Follows(NamedTuple):
    """What must follow from a saying that is accepted."""

    copies: tuple[Copy, ...] = ()
    handover_to: str | None = None
    """The carrier that hears of a hand-over because of it."""
    suggested: tuple[Suggested, ...] = ()


Outcome = Follows | ProblemCode
"""What follows, or why nothing does."""


@dataclass(frozen=True, slots=True)
class Told:
    """What must become of one saying."""

    saying: Saying
    outcome: Outcome

    @property
    def refused(self) -> ProblemCode | None:
        """Why it must be refused; None: it must not."""
        return self.outcome if isinstance(self.outcome, ProblemCode) else None

    @property
    def follows(self) -> Follows:
        """What must follow from it."""
        return Follows() if isinstance(self.outcome, ProblemCode) else self.outcome

    @property
    def copies(self) -> tuple[Copy, ...]:
        """What recipients must get."""
        return self.follows.copies


class Lowered(NamedTuple):
    """That who has an offer must hear that it is full: a referral to it was turned away."""

    to: str
    offer: str
    at: datetime


class Reminder(NamedTuple):
    """What must be said because a time was over."""

    to: str
    subject: str
    rule: str
    awaits: str
    of: str
    """Who is waited for."""
    at: datetime
    """When the time was over."""
    promised: datetime
    """When the time agreed was over: what is said names it."""


class Handover(NamedTuple):
    """A hand-over that is open (SGB X §2(3))."""

    carrier: str
    """Who pays until another continues."""
    reported_by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """All that must become of a script."""

    told: Sequence[Told]
    """In the order of the sayings."""
    reminders: Sequence[Reminder]
    """In the order of their times."""
    lowered: Sequence[Lowered]
    lane_news: Mapping[datetime, int]
    """How often the lanes must tell each other something of offers, at each tick."""
    lives: Mapping[str, Sequence[Life]]
    """The referrals of each case, in order; mostly there is one."""
    handovers: Mapping[str, Handover]
    """Of each case whose hand-over is open."""
