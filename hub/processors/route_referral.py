"""Sends a referral to who can help, and each step of it to the other side.

A step is judged by the referral's life before it goes anywhere. To whom a referral is forwarded
hears the step and not the request: the hub keeps no request it could send on, and a step carries
codes only. Who forwards hands the request over as it is done today, or rejects it, so that its
sender may ask the other.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from hub.domain import deadlines, emission, life_cycle, lowering, referral_memory
from hub.domain.case import Case
from hub.domain.clocks import Deadline
from hub.domain.deadlines import Rung
from hub.domain.decision import Searchable, State, StateChanges
from hub.domain.emission import Cause
from hub.domain.intake import Intake
from hub.domain.meaning import NOTHING, Judged, Meaning, Recipients
from hub.domain.parties import Parties
from hub.domain.referral import Referral
from hub.domain.reminders import reminders, waits_of
from hub.domain.ringing import Bell, Said
from hub.domain.routing import SEEN
from hub.domain.timers import Place
from hub.domain.trail import step_of
from hub.domain.transitions import Status
from schemas import topics
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.ledger_recorded import Step
from schemas.events.receipt_seen import ReceiptSeen
from schemas.events.referral_opened import ReferralOpened
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.vocabulary import LegalBasis, Purpose

NAME: Final = "route_referral"
SOURCE: Final = topics.REFERRALS
EMITS: Final = (
    "referral.requested",
    "referral.status-changed",
    "receipt.delivered",
    "receipt.refused",
    "receipt.seen",
    "reminder.due",
    "reminder.overdue",
)
ACCOUNTABILITY: Final = (Purpose.ACCOUNTABILITY, LegalBasis.GDPR_5_2)
"""Why a sender is told what has become of what it sent."""
GROUND: Final = (Purpose.BENEFITS, LegalBasis.SGB10_69)
"""Why somebody is told of a referral that is remembered no more."""


def advance(case: Case, event: Event[Data], recipients: Recipients) -> Case:
    """Who owns the referral from now on."""
    if isinstance(event.data, ReferralRequested):
        return Case(event.context.party, recipients[0], case.holders, case.blocked)
    if isinstance(event.data, ReferralStatusChanged) and event.data.new_owner is not None:
        return replace(case, owner=event.data.new_owner)
    return case


def judge(
    event: Event[Data], cause: Cause, case: Case, state: Searchable, parties: Parties
) -> Judged:
    """A step is judged before it is routed; a request when its owner is known."""
    before = referral_memory.load(state, event.context.subject)
    data = event.data
    if isinstance(data, ReferralOpened):
        now = life_cycle.opened(before, event.context.party, cause.at)
        case = _remembered(case, now)
        to = SEEN.find(event, case, parties)
        return Judged(case, partial(_seen, event, cause, before, now, tuple(to)), is_heard=True)
    if not isinstance(data, ReferralStatusChanged):
        return Judged(case, partial(_asked, event, cause, before, state, parties))
    after = life_cycle.step(before, data, event.context.party, cause.at)
    if before is not None:
        case = _remembered(case, before)
    return Judged(case, partial(_lived, event, cause, before, after, state, parties))


def _asked(
    event: Event[Data],
    cause: Cause,
    before: Referral | None,
    state: Searchable,
    parties: Parties,
    recipients: Recipients,
) -> Meaning:
    data, context = event.data, event.context
    if not isinstance(data, ReferralRequested):  # its topic carries nothing else
        return NOTHING
    terms = life_cycle.Terms(context.purpose, context.legalbasis, context.id)
    after = life_cycle.open_(data, context.party, recipients[0], cause.at, before, terms)
    return _lived(event, cause, before, after, state, parties, recipients)


def _remembered(case: Case, referral: Referral) -> Case:
    """The case, also if it was forgotten before its referral was over."""
    if case.is_known:
        return case
    return replace(case, sender=referral.sender, owner=referral.owner)


def _seen(
    event: Event[Data],
    cause: Cause,
    before: Referral | None,
    now: Referral,
    to: Recipients,
    _recipients: Recipients,
) -> Meaning:
    """The sender hears of the first time somebody at the owner has opened the referral."""
    if now == before:
        return NOTHING
    context = event.context
    changes = referral_memory.changes(context.subject, before, now)
    if not now.request_id:
        return Meaning(changes)
    seen = ReceiptSeen(event_id=now.request_id, seen_by=context.party, seen_at=context.time)
    correlation = context.correlationid
    told = (
        emission.notice(cause, seen, sender, SEEN.id, ACCOUNTABILITY, correlation) for sender in to
    )
    return Meaning(changes, tuple(told))


def _lived(
    event: Event[Data],
    cause: Cause,
    before: Referral | None,
    after: Referral,
    state: Searchable,
    parties: Parties,
    recipients: Recipients,
) -> Meaning:
    """The referral as it stands now, its clocks, and what the ledger says of the step."""
    subject = event.context.subject
    changes = referral_memory.changes(subject, before, after)
    place = Place(NAME, subject)
    changes |= deadlines.follow(state, place, waits_of(after), cause.at, parties)
    due_at = _answer_due(after, parties) if after.requested_at == cause.at else None
    to_lanes = lowering.turned_away(after, event.context.time, cause, state)
    return Meaning(changes, to_lanes, step=step_of(event, recipients, due_at))


def _answer_due(referral: Referral, parties: Parties) -> datetime:
    agreed = deadlines.agreed_by(referral.owner, parties)
    days = agreed.answer_within_working_days
    return agreed.working_time.add_working_days(referral.requested_at, days)


def tell(rung: Rung, place: Place, now: datetime, state: State, parties: Parties) -> Said:
    """Who is reminded; at the very end the referral expires."""
    before = referral_memory.load(state, place.subject)
    if before is None:
        return Said((), GROUND, {})
    changes: StateChanges = {}
    step = None
    if rung.deadline is Deadline.EXPIRY and before.status is Status.REQUESTED:
        after = life_cycle.expire(before, now)
        changes = referral_memory.changes(place.subject, before, after)
        step = Step(status=life_cycle.UNANSWERED.status, reason=life_cycle.UNANSWERED.reason)
    ground = before.purpose, before.legal_basis
    return Said(reminders(rung, before.sender, parties), ground, changes, step)


BELL: Final = Bell(NAME, SOURCE, tell)
handle: Final = Intake(NAME, SOURCE, advance, judge, BELL).handle
on_time: Final = BELL.on_time
