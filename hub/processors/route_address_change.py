"""Sends a move to those who must know it, and keeps the hand-over open that it leads to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from hub.domain import case as cases
from hub.domain import deadlines, disclosure, emission
from hub.domain.case import Case
from hub.domain.deadlines import Rung, Wait
from hub.domain.decision import State
from hub.domain.emission import Cause
from hub.domain.handover import is_over
from hub.domain.intake import Intake
from hub.domain.meaning import Judged, Meaning, Recipients
from hub.domain.parties import Parties
from hub.domain.reminders import reminders
from hub.domain.ringing import Bell, Said
from hub.domain.routing import HANDOVER
from hub.domain.timers import Place
from schemas import topics
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_opened import HandoverOpened
from schemas.events.ledger_recorded import HandoverState, Step
from schemas.events.receipt_delivered import Delivery
from schemas.vocabulary import AwaitedStep, LegalBasis, Purpose

NAME: Final = "route_address_change"
SOURCE: Final = topics.ADDRESS_CHANGES
EMITS: Final = (
    *topics.ADDRESS_CHANGES.carries,
    "handover.opened",
    "handover.overdue",
    "receipt.delivered",
    "receipt.refused",
)
GROUND: Final = (Purpose.JURISDICTION, LegalBasis.SGB10_2_3)
"""Why a carrier may be told of a hand-over."""


def advance(case: Case, event: Event[Data], _recipients: Recipients) -> Case:
    """Whether the person of the case is protected from now on, until that is lifted (BMG §51)."""
    if isinstance(event.data, DisclosureBlockSet) or disclosure.says_blocked(event.data):
        return replace(case, blocked=True)
    if isinstance(event.data, DisclosureBlockLifted):
        return replace(case, blocked=False)
    return case


def judge(event: Event[Data], cause: Cause, case: Case, state: State, parties: Parties) -> Judged:
    """Whoever was sent a referral hears of a block; who opens or ends a hand-over is heard."""
    subject = event.context.subject
    if isinstance(event.data, DisclosureBlockSet | DisclosureBlockLifted):
        referral = cases.load(state, topics.REFERRALS, subject)
        return Judged(case.with_holders(referral.holders))
    opened = next(iter(HANDOVER.find(event, case, parties)), None)
    running = deadlines.load(state, Place(NAME, subject))
    if running and not case.is_known:  # forgotten while its hand-over was open
        case = replace(case, sender=running[0].of).with_holders([running[0].of])
    waits = [Wait(AwaitedStep.CONTINUATION, opened)] if opened else None
    if opened is None and running and is_over(event.data, running[0].of, parties):
        waits = []
    if waits is None:
        return Judged(case)
    then = partial(_handed_over, event, cause, waits, state, parties)
    return Judged(case, then, is_heard=True)


def _handed_over(
    event: Event[Data],
    cause: Cause,
    waits: Sequence[Wait],
    state: State,
    parties: Parties,
    _recipients: Recipients,
) -> Meaning:
    """The hand-over open or ended; its carrier hears that it is open, each time it is said."""
    place = Place(NAME, event.context.subject)
    changes = deadlines.follow(state, place, waits, cause.at, parties)
    data = event.data
    if not waits:
        return Meaning(changes, step=Step(handover=HandoverState.ENDED))
    if not isinstance(data, AddressChangeReported):
        return Meaning(changes)
    carrier = waits[0].of
    opened = HandoverOpened(
        old_carrier=carrier,
        old_ags=data.old_ags,
        new_ags=data.new_ags,
        valid_from=data.valid_from,
    )
    correlation = event.context.correlationid
    notice = emission.notice(cause, opened, carrier, HANDOVER.id, GROUND, correlation)
    notice_id = emission.notice_id(cause, opened, carrier)
    told = Delivery(to=carrier, rule=HANDOVER.id, delivery_id=notice_id)
    return Meaning(changes, (notice,), (told,))


def tell(rung: Rung, _place: Place, _now: datetime, _state: State, parties: Parties) -> Said:
    """The carrier that still pays is told so."""
    return Said(reminders(rung, None, parties), GROUND, {})


BELL: Final = Bell(NAME, SOURCE, tell)
handle: Final = Intake(NAME, SOURCE, advance, judge, BELL).handle
on_time: Final = BELL.on_time
