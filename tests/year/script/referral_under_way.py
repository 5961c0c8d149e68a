"""A referral that somebody has taken on: appointments, holds, two-step cancellations, the end."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from schemas.vocabulary import Outcome, ReferralStatus, StatusReason
from tests.year.offices import BY_ID
from tests.year.oracle.waits import OUTCOME, STAGES, Wait
from tests.year.script.habits import NEVER
from tests.year.script.referral_case import Phase, ReferralCase
from tests.year.ticks import SLACK

MOST_ACTS: Final = 5
"""What may happen before its end."""
LEFT_FOR: Final = 1.5
"""For how many times the time agreed something still happens where no end is said."""


def go_on(case: ReferralCase) -> None:
    """From its acceptance to its end, which may never be said, or until another office has it."""
    agreed, share = BY_ID[case.owner].finish, case.habits.ends(case.owner)
    acts = case.chance.randrange(MOST_ACTS)
    each = (LEFT_FOR if share is NEVER else share) / (acts + 1)
    for _ in range(acts):
        case.course.wait_share(case.owner, agreed, each * case.chance.uniform(0.4, 1))
        _act(case)
        if case.phase is not Phase.UNDER_WAY:
            return
    if share is NEVER:
        case.end(Phase.LEFT)
        return
    case.course.wait_share(case.owner, agreed, each)
    _end(case)


def _act(case: ReferralCase) -> None:
    """Something happens on the way."""
    if case.held:
        _go_on_again(case)
    elif case.meeting is not None and case.happens(0.6):
        _meeting(case)
    elif case.meeting is None and case.happens(0.5):
        case.step(case.owner, ReferralStatus.APPOINTMENT_MADE, appointment=case.appointment())
    elif not case.in_progress and case.happens(0.4):
        case.step(case.owner, ReferralStatus.IN_PROGRESS)
        case.in_progress = True
    elif case.happens(0.5):
        reasons = (StatusReason.DOCUMENTS_MISSING, StatusReason.CLIENT_NOT_REACHED)
        case.step(case.owner, ReferralStatus.ON_HOLD, reason=case.chance.choice(reasons))
        case.held, case.in_progress = True, False
        if case.outcome is not None:
            case.outcome.hold(case.course.now)
    elif not case.cancelling and case.happens(0.7):
        _cancel_in_two_steps(case)
    elif not case.cancelling and case.happens(0.6):
        _pass_on(case)


def _go_on_again(case: ReferralCase) -> None:
    """After a hold, at a moment that leaves no doubt when its times are over."""
    while case.outcome is not None and _is_doubtful(case.outcome, case.course.now):
        case.course.wait(case.owner, timedelta(minutes=1))
    case.step(case.owner, ReferralStatus.IN_PROGRESS)
    case.held, case.in_progress = False, True
    if case.outcome is not None:
        case.outcome.go_on(case.course.now)


def _is_doubtful(outcome: Wait, at: datetime) -> bool:
    """Whether a time would be over just when the office closes, or the next morning.

    The hold is measured by what really passes, and a tick takes its time to be played.
    """
    wait = replace(outcome)
    wait.go_on(at)
    for stage in STAGES[OUTCOME]:
        early, late = (
            replace(wait, held=wait.held + off).over_at(stage) for off in (-SLACK, SLACK)
        )
        if late - early > 4 * SLACK:
            return True
    return False


def _meeting(case: ReferralCase) -> None:
    """What was agreed is missed, moved or called off; or nothing is said, and they met."""
    if case.meeting is not None and case.meeting < case.course.now:
        if case.happens(0.5):
            case.step(case.owner, ReferralStatus.NO_SHOW)
            case.meeting = None
    elif case.happens(0.5):
        case.step(case.owner, ReferralStatus.APPOINTMENT_MOVED, appointment=case.appointment())
    else:
        case.step(case.owner, ReferralStatus.APPOINTMENT_CANCELLED)
        case.meeting = None


def _cancel_in_two_steps(case: ReferralCase) -> None:
    """The sender asks; the owner agrees, declines, or leaves it for long."""
    case.soon(case.sender)
    reason = StatusReason.NO_LONGER_NEEDED
    case.step(case.sender, ReferralStatus.CANCELLATION_REQUESTED, reason=reason)
    case.cancelling = True
    share = case.habits.answers(case.owner)
    if share is NEVER:
        return
    case.course.wait_share(case.owner, BY_ID[case.owner].answer, share)
    if case.happens(0.5):
        case.step(case.owner, ReferralStatus.CANCELLED, reason=reason)
        case.end()
    else:
        case.step(case.owner, ReferralStatus.CANCELLATION_DECLINED)
        case.cancelling = False


def _pass_on(case: ReferralCase) -> None:
    """To another town, where it is asked anew."""
    town = case.course.desk.town(but=case.owner).ags
    if town != case.sender:
        case.forward_to(town)


def _end(case: ReferralCase) -> None:
    how = case.chance.random()
    if how < 0.75:
        outcome = case.chance.choice(tuple(Outcome))
        case.step(case.owner, ReferralStatus.COMPLETED, outcome=outcome)
    elif how < 0.9:
        reason = StatusReason.CLIENT_DID_NOT_ATTEND
        case.step(case.owner, ReferralStatus.FAILED, reason=reason)
    else:
        reason = StatusReason.CLIENT_MOVED_AWAY
        case.step(case.owner, ReferralStatus.CANCELLED, reason=reason)
    case.end()
    if case.happens(0.04):
        case.soon(case.sender)
        case.step(case.sender, ReferralStatus.ENTERED_IN_ERROR)
