"""How long a party is waited for, and what is said when a time is over: worked out without the hub.

    half of the time agreed          reminder    to who is waited for
    the time agreed                  overdue     to who is waited for, and to who waits
    as much again                    escalation  to the lead of who is late
    then the time to expire          expiry      to both; only of an answer

What lay on hold is added to each. A hand-over knows no reminder and no expiry. The assurance of an
offer fades by the calendar: a reminder after a quarter, overdue after half a year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from tests.year.offices import Office
from tests.year.working_days import after, end_of_limit, worked

ANSWER: Final = "answer"
OUTCOME: Final = "outcome"
CANCELLATION: Final = "cancellation"
CONTINUATION: Final = "continuation"
ASSURANCE: Final = "assurance"
QUARTER: Final = timedelta(days=90)
HALF_A_YEAR: Final = timedelta(days=180)
REMINDER, OVERDUE, ESCALATION, EXPIRY = "reminder", "overdue", "escalation", "expiry"
STAGES: Final = {
    ANSWER: (REMINDER, OVERDUE, ESCALATION, EXPIRY),
    OUTCOME: (REMINDER, OVERDUE, ESCALATION),
    CANCELLATION: (REMINDER, OVERDUE, ESCALATION),
    CONTINUATION: (OVERDUE, ESCALATION),
    ASSURANCE: (REMINDER, OVERDUE),
}


class Over(NamedTuple):
    """A time that is over."""

    stage: str
    awaits: str
    of: Office
    since: datetime
    at: datetime
    """When it was over."""
    promised: datetime
    """When the time agreed is over; what is said names it."""


@dataclass(slots=True)
class Wait:
    """One party that is waited for."""

    awaits: str
    of: Office
    since: datetime
    held: timedelta = timedelta()
    """How much of its working time lay on hold."""
    held_since: datetime | None = None
    passed: int = 0
    """How many of its stages are over."""

    def hold(self, at: datetime) -> None:
        """It rests from now on."""
        self.held_since = self.held_since or at

    def go_on(self, at: datetime) -> None:
        """It runs again."""
        if self.held_since is not None:
            self.held += worked(self.of, self.held_since, at)
            self.held_since = None

    @property
    def next(self) -> tuple[str, datetime] | None:
        """What is over next, and when; None: nothing as things stand."""
        left = STAGES[self.awaits][self.passed :]
        return None if self.held_since or not left else (left[0], self.over_at(left[0]))

    def over_by(self, at: datetime) -> Iterator[Over]:
        """What is over by then and was not before, in order."""
        while (found := self.next) is not None and found[1] <= at:
            stage, when = found
            self.passed += 1
            promised = self.over_at(OVERDUE)
            yield Over(stage, self.awaits, self.of, self.since, when, promised)

    def over_at(self, stage: str) -> datetime:
        """When a stage is over, were it not to be held again."""
        if self.awaits == ASSURANCE:
            return self.since + (QUARTER if stage == REMINDER else HALF_A_YEAR)
        days = self._agreed()
        if stage == REMINDER:
            end = end_of_limit(self.of, self.since, days)
            return after(self.of, self.since, worked(self.of, self.since, end) / 2 + self.held)
        if stage in (ESCALATION, EXPIRY):
            days *= 2
        if stage == EXPIRY:
            days += self.of.expire
        end = end_of_limit(self.of, self.since, days)
        if not self.held:
            return end
        return after(self.of, self.since, worked(self.of, self.since, end) + self.held)

    def _agreed(self) -> int:
        if self.awaits == OUTCOME:
            return self.of.finish
        return self.of.carry_on if self.awaits == CONTINUATION else self.of.answer
