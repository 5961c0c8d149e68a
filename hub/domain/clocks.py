"""The clock that runs while others wait for a party's step, and when its times are over."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hub.domain.agreed_times import AgreedTimes
from hub.domain.freshness import USUAL
from schemas.vocabulary import AwaitedStep


class Deadline(StrEnum):
    """The times that end while a step is awaited, in their order."""

    REMINDER = "reminder"  # half of the time agreed
    OVERDUE = "overdue"  # the time agreed
    ESCALATION = "escalation"  # as much again
    EXPIRY = "expiry"  # then the time after which nobody waits any more


_THREE: Final = (Deadline.REMINDER, Deadline.OVERDUE, Deadline.ESCALATION)
COURSE: Final = {
    AwaitedStep.ANSWER: tuple(Deadline),
    AwaitedStep.OUTCOME: _THREE,
    AwaitedStep.CANCELLATION: _THREE,
    AwaitedStep.CONTINUATION: (Deadline.OVERDUE, Deadline.ESCALATION),
    AwaitedStep.COLLECTION: (Deadline.OVERDUE,),
    AwaitedStep.ASSURANCE: (Deadline.REMINDER, Deadline.OVERDUE),
}
"""Which times there are for each step. A referral expires only while nobody has taken it on."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a party has been waited for; working time is that party's own."""

    step: AwaitedStep
    of: str
    """The party whose step it is."""
    since: datetime
    held: timedelta = timedelta()
    """How much working time passed while it stood still."""
    hold_since: datetime | None = None
    """Since when it stands still; None: it runs."""
    passed: int = 0
    """How many times of its course are over."""
    timer: str | None = None
    """The key of the timer that stands for the next."""

    @property
    def coming(self) -> tuple[Deadline, ...]:
        """The times that are not over yet, in order."""
        return COURSE[self.step][self.passed :]


def days_until(step: AwaitedStep, deadline: Deadline, agreed: AgreedTimes) -> int:
    """The working days a party has until then; for the reminder those of which it has half."""
    match step:
        case AwaitedStep.OUTCOME:
            first = agreed.finish_within_working_days
        case AwaitedStep.CONTINUATION:
            first = agreed.continue_within_working_days
        case AwaitedStep.COLLECTION:
            first = agreed.collect_within_working_days
        case AwaitedStep.ANSWER | AwaitedStep.CANCELLATION:
            first = agreed.answer_within_working_days
        case AwaitedStep.ASSURANCE:
            raise ValueError("an assurance fades by the calendar")
    match deadline:
        case Deadline.REMINDER | Deadline.OVERDUE:
            return first
        case Deadline.ESCALATION:
            return 2 * first
        case Deadline.EXPIRY:
            return 2 * first + agreed.expire_after_working_days


def due_at(clock: Clock, deadline: Deadline, agreed: AgreedTimes) -> datetime:
    """When a time is over, were the clock not to stand still again.

    It is counted from the beginning, never from now: however late or early a timer rings, the
    times that follow stay what they are.
    """
    if clock.step is AwaitedStep.ASSURANCE:  # it begins to fade, and has faded
        first = deadline is Deadline.REMINDER
        return clock.since + (USUAL.fading_after if first else USUAL.faded_after)
    hours = agreed.working_time
    days = days_until(clock.step, deadline, agreed)
    if deadline is Deadline.REMINDER:
        return hours.half_way(clock.since, days, clock.held)
    end = hours.add_working_days(clock.since, days)
    if not clock.held:
        return end
    working = hours.working_hours_between(clock.since, end)
    return hours.after(clock.since, working + clock.held)


def stopped(clock: Clock, at: datetime) -> Clock:
    """The clock, standing still from this moment on, if it does not already."""
    return clock if clock.hold_since is not None else replace(clock, hold_since=at)


def going_on(clock: Clock, at: datetime, agreed: AgreedTimes) -> Clock:
    """The clock, running from this moment on: what it had left when it stopped is left now."""
    if clock.hold_since is None:
        return clock
    stood = agreed.working_time.working_hours_between(clock.hold_since, at)
    return replace(clock, held=clock.held + max(stood, timedelta()), hold_since=None)
