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


Outcome = tuple[tuple[Copy, ...], str | None] | ProblemCode
"""The copies, and the carrier that hears of a hand-over; or why nobody gets anything."""


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
    def copies(self) -> tuple[Copy, ...]:
        """What recipients must get."""
        return () if isinstance(self.outcome, ProblemCode) else self.outcome[0]

    @property
    def handover_to(self) -> str | None:
        """The carrier that must hear of a hand-over because of it."""
        return None if isinstance(self.outcome, ProblemCode) else self.outcome[1]


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
    lives: Mapping[str, Sequence[Life]]
    """The referrals of each case, in order; mostly there is one."""
    handovers: Mapping[str, Handover]
    """Of each case whose hand-over is open."""
