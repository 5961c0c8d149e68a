"""Sends word of an offer to the owner of an open referral that it suits, and when it is full.

It reads what the lanes tell each other. Every lane holds the offer against its own referrals; the
lane that has the offer also lowers its places when a referral was turned away for lack of them.
"""

from dataclasses import replace
from datetime import UTC
from typing import Final

from hub.domain import answering, emission, lowering, offer_memory, offer_news, suggesting
from hub.domain.dead_letters import dead_letter
from hub.domain.decision import Decision, Limits, Received, Searchable, State, no_timers
from hub.domain.emission import HUB, Cause, Ground
from hub.domain.noting import Spot, record
from hub.domain.offer_news import Origin, Stands, TurnedAway, to_every_lane
from hub.domain.offers import lowered
from hub.domain.parties import Parties
from schemas import topics
from schemas.events.ledger_recorded import Step
from schemas.events.support_offer_capacity_lowered import SupportOfferCapacityLowered
from schemas.problems import ProblemCode, problem
from schemas.vocabulary import LegalBasis, Purpose, Verdict

NAME: Final = "suggest_offer"
SOURCE: Final = topics.LANE_OFFERS
EMITS: Final = ("referral.offer-suggested", "support-offer.capacity-lowered")
TO_OWNER: Final = "suggestion-to-owner"
TO_HOLDERS: Final = "lowered-places-to-holders"
SPEAKER: Final = HUB + NAME.replace("_", "-")
GROUND: Final[Ground] = (Purpose.DIRECTORY, LegalBasis.SGB1_17)
"""Why whoever has an offer hears that it is full."""


def handle(
    received: Received,
    state: Searchable,
    parties: Parties,
    limits: Limits,  # noqa: ARG001 - every processor is given them
) -> Decision:
    """All that follows from what a lane was told."""
    try:
        news = offer_news.read(received.record)
    except ValueError:
        return _not_ours(received, parties)
    decision = Decision(Verdict.NOTED)
    if isinstance(news, Stands):
        cause = _cause(received, news.offer.id, news.origin)
        _suggest(decision, cause, news, state, parties)
    else:
        cause = _cause(received, news.offer_id, news.origin)
        _lower(decision, cause, news, state, parties)
    own = [] if isinstance(news, Stands) else decision.outputs
    record(decision, cause, own, received.topic, spot=Spot(received.partition, received.offset))
    return decision


def _suggest(
    decision: Decision, cause: Cause, news: Stands, state: Searchable, parties: Parties
) -> None:
    """Keep how the offer stands; tell those whom it suits now and did not before."""
    offer = news.offer
    before = offer_memory.copy(state, offer.id)
    decision.state = offer_memory.copied(offer)
    today = cause.at.astimezone(UTC).date()
    for case, referral, said in suggesting.told(offer, before, state, today, parties):
        place = f"{cause.place}|{case}"
        because = replace(cause, place=place, subject=case, about=offer.id)
        ground = referral.purpose, referral.legal_basis
        notice = emission.notice(because, said, referral.owner, TO_OWNER, ground)
        decision.outputs.append(notice)
        record(decision, because, [notice], topics.REFERRALS.name, Step(offer_id=offer.id))


def _lower(
    decision: Decision, cause: Cause, news: TurnedAway, state: State, parties: Parties
) -> None:
    """In the lane that has the offer: show no places, and say so to whoever has it."""
    before = offer_memory.load(state, news.offer_id)
    now = None if before is None else lowered(before, news.at)
    if now is None or now.lowered_at is None or now == before:
        return
    decision.state = offer_memory.changes(before, now)
    said = SupportOfferCapacityLowered(publisher=now.publisher, since=now.lowered_at)
    for holder in lowering.holders(state, now.id, parties):
        decision.outputs.append(emission.notice(cause, said, holder, TO_HOLDERS, GROUND))
    decision.outputs.append(to_every_lane(Stands(now, news.origin)))


def _cause(received: Received, subject: str, origin: Origin) -> Cause:
    return Cause(
        SPEAKER,
        f"{received.topic}-{received.partition}-{received.offset}",
        received.received_at,
        subject,
        origin.source,
        origin.id,
        traceparent=origin.traceparent,
    )


def _not_ours(received: Received, parties: Parties) -> Decision:
    """No lane wrote it: it is laid aside, and nobody is there to be told."""
    decision = Decision(Verdict.REFUSED)
    problems = (problem(ProblemCode.VALUE_UNREADABLE),)
    decision.outputs.append(dead_letter(received, problems, SOURCE))
    cause = emission.cause_of(received, {}, NAME)
    answering.refused(decision, received, cause, None, problems, parties)
    return decision


on_time: Final = no_timers
