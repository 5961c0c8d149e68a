"""Sends a support offer to the jobcenter and to every municipality it serves, and to the lanes.

The lanes hold it against their open referrals (`suggest_offer`). Its publisher is told when it
has not been assured for long.
"""

from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from typing import Final

from hub.domain import deadlines, offer_memory
from hub.domain.case import Case
from hub.domain.deadlines import Rung, Wait
from hub.domain.decision import Searchable, State
from hub.domain.emission import Cause, Ground
from hub.domain.intake import Intake, keep
from hub.domain.meaning import NOTHING, Judged, Meaning, Recipients
from hub.domain.offer_news import Stands, origin_of, to_every_lane
from hub.domain.offers import Offer, after
from hub.domain.parties import Parties
from hub.domain.reminders import reminders
from hub.domain.ringing import Bell, Said
from hub.domain.timers import Place
from schemas import topics
from schemas.data import Data
from schemas.envelope import Event
from schemas.vocabulary import AwaitedStep, Classification, LegalBasis, Purpose

NAME: Final = "route_support_offer"
SOURCE: Final = topics.SUPPORT_OFFERS
EMITS: Final = (
    *topics.SUPPORT_OFFERS.carries,
    "receipt.delivered",
    "receipt.refused",
    "reminder.due",
    "reminder.overdue",
)
GROUND: Final[Ground] = (Purpose.DIRECTORY, LegalBasis.SGB1_17)
"""Why a publisher is reminded: the directory is to be true."""


def judge(
    event: Event[Data], cause: Cause, case: Case, state: Searchable, parties: Parties
) -> Judged:
    """It may always be said; once it is sent on, it is remembered how the offer stands."""
    return Judged(case, partial(_stands, event, cause, state, parties))


def _stands(
    event: Event[Data], cause: Cause, state: Searchable, parties: Parties, _recipients: Recipients
) -> Meaning:
    """The offer as it stands now, told to every lane if that is news; only what is public counts.

    One that was public and is not any more is told as withdrawn.
    """
    context = event.context
    before = offer_memory.load(state, context.subject)
    now = after(before, context.subject, context.party, event.data, context.time)
    if now is not None and context.dataclassification is not Classification.PUBLIC:
        now = replace(now, withdrawn=True)
    if now is None or now == before or (before is None and now.withdrawn):
        return NOTHING
    changes = offer_memory.changes(before, now)
    place = Place(NAME, context.subject)
    changes |= deadlines.follow(state, place, _waits(now), cause.at, parties)
    return Meaning(changes, (to_every_lane(Stands(now, origin_of(cause))),))


def _waits(offer: Offer) -> tuple[Wait, ...]:
    """Its publisher is waited for to assure it again, since it last did."""
    if offer.withdrawn:
        return ()
    since = datetime.combine(offer.assured_on, time(), UTC)
    return (Wait(AwaitedStep.ASSURANCE, offer.publisher, since=since),)


def tell(rung: Rung, _place: Place, _now: datetime, _state: State, parties: Parties) -> Said:
    """The publisher is told that its offer fades, and that it has faded."""
    return Said(reminders(rung, None, parties), GROUND, {})


BELL: Final = Bell(NAME, SOURCE, tell)
handle: Final = Intake(NAME, SOURCE, keep, judge, BELL).handle
on_time: Final = BELL.on_time
