"""What is looked at when an offer is held against a need: one function each.

Each answers how good the offer is in this respect, 0 being best, and why in words.
"""

from datetime import date
from typing import NamedTuple

from hub.domain.freshness import Fading, Freshness
from hub.domain.match_reasons import Reason, because
from hub.domain.need import Need
from hub.domain.offers import Offer
from hub.domain.places import Places
from schemas.vocabulary import CapacityStatus, MatchReason, Service, Urgency


class Finding(NamedTuple):
    """How an offer fares in one respect."""

    rank: tuple[int, ...]
    """Compared from left to right; the lower, the better."""
    reason: Reason


def service(need: Need, offer: Offer) -> Finding:
    """Whether it is what is asked for, by name, by service or by kind."""
    if need.offer_id == offer.id:
        return Finding((0,), because(MatchReason.ASKED_FOR))
    if need.service is Service.LOCAL_OFFER:
        if offer.category is need.category:
            return Finding((1,), because(MatchReason.SAME_KIND))
    elif offer.service is need.service:
        return Finding((1,), because(MatchReason.ANSWERS_SERVICE))
    return Finding((9,), because(MatchReason.OTHER_SERVICE))


def served(need: Need, offer: Offer, places: Places) -> Finding:
    """Whether it is for people who live where the client does."""
    fits = offer.serves(need.ags)
    code = MatchReason.SERVES_PLACE if fits else MatchReason.PLACE_NOT_SERVED
    return Finding((0 if fits else 9,), because(code, place=places.name(need.ags)))


def language(need: Need, offer: Offer) -> Finding:
    """Whether they understand each other, in the client's best language first."""
    if not need.languages or not offer.languages:
        return Finding((8,), because(MatchReason.LANGUAGE_NOT_KNOWN))
    for rank, spoken in enumerate(need.languages[:8]):
        if spoken in offer.languages:
            return Finding((rank,), because(MatchReason.SHARED_LANGUAGE, language=spoken))
    return Finding((9,), because(MatchReason.NO_SHARED_LANGUAGE))


def capacity(need: Need, offer: Offer) -> Finding:
    """Whether there is a place, and how soon: who cannot wait is not sent to a waiting list."""
    shown = offer.shown
    if shown is None:
        return Finding((1,), because(MatchReason.PLACES_NOT_KNOWN))
    day = shown.updated.date()
    if shown.status is CapacityStatus.WAITLIST:
        waits = 1 if need.urgency is Urgency.ROUTINE else 2
        return Finding((waits,), because(MatchReason.WAITING_LIST, day=day))
    if shown.status is CapacityStatus.ADDITIONAL_ASSESSMENT_REQUIRED:
        return Finding((1,), because(MatchReason.ASSESSMENT_FIRST))
    if shown.status is CapacityStatus.NO_CAPACITY or not shown.available:
        return Finding((9,), because(MatchReason.FULL, day=day))
    return Finding((0,), because(MatchReason.PLACES_FREE, available=shown.available, day=day))


def freshness(offer: Offer, today: date, fading: Fading) -> Finding:
    """Whether what is said of it can still be relied on."""
    how = offer.freshness(today, fading)
    rank, code = {
        Freshness.FRESH: (0, MatchReason.FRESH),
        Freshness.FADING: (1, MatchReason.FADING),
        Freshness.FADED: (9, MatchReason.FADED),
    }[how]
    return Finding((rank,), because(code, day=offer.assured_on))


def distance(need: Need, offer: Offer, places: Places) -> Finding:
    """How far it is: in the same town, next to it, or so many kilometres away."""
    origin, town = need.origin, offer.place_ags
    if origin is None:
        return Finding((0, 0), because(MatchReason.BY_PHONE))
    if town == origin:
        return Finding((0, 0), because(MatchReason.SAME_TOWN, town=places.name(town)))
    away = None if town is None else places.distance_km(origin, town)
    if town is None or away is None:
        return Finding((3, 0), because(MatchReason.DISTANCE_NOT_KNOWN))
    near = places.borders(origin, town)
    code = MatchReason.NEIGHBOURING_TOWN if near else MatchReason.FARTHER_AWAY
    facts = {"town": places.name(town), "origin": places.name(origin), "km": round(away)}
    return Finding((1 if near else 2, round(away)), because(code, **facts))
