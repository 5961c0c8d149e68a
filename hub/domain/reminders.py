"""What is said to whom when a time is over: reminders, that somebody is late, and the end."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from hub.domain.clocks import Deadline
from hub.domain.deadlines import Rung, Wait
from hub.domain.life_cycle import UNANSWERED
from hub.domain.parties import Parties
from hub.domain.referral import Life, is_final
from hub.domain.transitions import Status
from schemas.data import Data
from schemas.events.handover_overdue import HandoverOverdue
from schemas.events.reminder_due import ReminderDue
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.vocabulary import AwaitedStep

LATE_AGAIN: Final = 2
"""The level at which the lead hears of it."""
SAYS: Final[Mapping[str, str]] = {
    "reminder-to-owner": "Half of the time agreed is over, and others wait for this party.",
    "overdue-to-owner": "The time agreed is over, and others wait for this party.",
    "overdue-to-sender": "The time agreed is over, and what this party sent waits.",
    "late-again-to-lead": "Twice the time agreed is over; this party looks after who is late.",
    "expiry-to-owner": "Nobody answered this referral; it is no longer this party's.",
    "expiry-to-sender": "Nobody answered this party's referral; it is over.",
    "assurance-due-to-publisher": "This offer was not assured for long; soon nobody is sent there.",
    "faded-offer-to-publisher": "Nobody is sent to this offer until it is assured again.",
    "open-handover-to-carrier": "Nobody has continued; this carrier still pays (SGB X §2(3)).",
}
"""Each rule's reason in words."""


class Reminder(NamedTuple):
    """Something to say to one party."""

    to: str
    rule: str
    """Why; a key of `SAYS`."""
    data: Data


def waits_of(referral: Life) -> tuple[Wait, ...]:
    """What is awaited in a referral, of its owner: nothing once it is over.

    A cancellation asked for has a clock of its own, on hold as well.
    """
    if is_final(referral):
        return ()
    if referral.status is Status.REQUESTED:
        return (Wait(AwaitedStep.ANSWER, referral.owner),)
    outcome = Wait(AwaitedStep.OUTCOME, referral.owner, referral.status is Status.ON_HOLD)
    if referral.cancellation_requested_by is None:
        return (outcome,)
    return (outcome, Wait(AwaitedStep.CANCELLATION, referral.owner))


def reminders(rung: Rung, sender: str | None, parties: Parties) -> list[Reminder]:
    """What to say now that this time is over, each party once; `sender` is who waits.

    Nothing is said to a party that is not declared (any more), nor of a hand-over to one that
    may not receive hand-overs.
    """
    said: dict[str, Reminder] = {}
    is_offer = rung.clock.step is AwaitedStep.ASSURANCE
    for to, rule, data in (_not_assured(rung),) if is_offer else _all(rung, sender, parties):
        party = parties.get(to)
        if party is None:
            continue
        if rung.clock.step is not AwaitedStep.CONTINUATION or party.may_receive(data.TYPE):
            said.setdefault(to, Reminder(to, rule, data))
    return [*said.values()]


def _all(rung: Rung, sender: str | None, parties: Parties) -> Iterator[tuple[str, str, Data]]:
    clock, late = rung.clock, _late(rung)
    owner = parties.get(clock.of)
    lead = parties.lead_of(owner) if owner else next(iter(parties.jobcenters), None)
    match rung.deadline:
        case Deadline.REMINDER:
            due = ReminderDue(owner=clock.of, due_at=rung.due_at, awaits=clock.step)
            yield clock.of, "reminder-to-owner", due
        case Deadline.OVERDUE if clock.step is AwaitedStep.CONTINUATION:
            yield clock.of, "open-handover-to-carrier", late
        case Deadline.OVERDUE:
            if clock.step is not AwaitedStep.COLLECTION:
                yield clock.of, "overdue-to-owner", late
            if sender is not None:
                yield sender, "overdue-to-sender", late
        case Deadline.ESCALATION:
            if lead is not None:
                yield lead.id, "late-again-to-lead", late
        case Deadline.EXPIRY:
            yield clock.of, "expiry-to-owner", UNANSWERED
            if sender is not None:
                yield sender, "expiry-to-sender", UNANSWERED


def _not_assured(rung: Rung) -> tuple[str, str, Data]:
    """To the publisher of an offer: it begins to fade, or has faded."""
    publisher, step = rung.clock.of, rung.clock.step
    if rung.deadline is Deadline.OVERDUE:
        faded = ReminderOverdue(owner=publisher, due_at=rung.due_at, awaits=step)
        return publisher, "faded-offer-to-publisher", faded
    due = ReminderDue(owner=publisher, due_at=rung.due_at, awaits=step)
    return publisher, "assurance-due-to-publisher", due


def _late(rung: Rung) -> Data:
    clock = rung.clock
    if clock.step is AwaitedStep.CONTINUATION:
        return HandoverOverdue(old_carrier=clock.of, opened_at=clock.since, due_at=rung.due_at)
    level = LATE_AGAIN if rung.deadline is Deadline.ESCALATION else 1
    return ReminderOverdue(owner=clock.of, due_at=rung.due_at, awaits=clock.step, level=level)
