"""Ranks support offers for a referral, and referrals for a new offer, and says why.

An offer that does not answer the service, does not serve the place, is withdrawn, full or long
unassured is left out. The others stand in the order of: asked for by name, language, places,
freshness, distance; of equals the one with more places is first, then the lower id.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from hub.domain import match_criteria
from hub.domain.freshness import USUAL, Fading
from hub.domain.match_reasons import Reason, because
from hub.domain.need import Need
from hub.domain.offers import Offer
from hub.domain.places import Places
from schemas.vocabulary import MatchReason, Service, Urgency

MOST_SUGGESTED: Final = 20
"""To how many open referrals one offer is suggested at once: more than most offers can take."""
SOONEST_FIRST: Final = (Urgency.ASAP, Urgency.URGENT, Urgency.ROUTINE)


@dataclass(frozen=True, slots=True)
class Match:
    """One offer held against one need."""

    offer: Offer
    place: int | None
    """1 for the best that suits, and so on; None: left out. In a suggestion: 1."""
    reasons: tuple[Reason, ...]
    """Why it stands where it does; of an offer left out only what speaks against it."""

    @property
    def suits(self) -> bool:
        """Whether the client can be sent there."""
        return self.place is not None


@dataclass(frozen=True, slots=True)
class OpenReferral:
    """A referral that nobody has completed, as far as offers are concerned."""

    case: str
    owner: str
    """Who has it now and hears of new offers."""
    since: datetime
    """When it first reached any authority."""
    need: Need
    turned_down_by: frozenset[str] = frozenset()
    """The parties that rejected it."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An offer for somebody who still waits."""

    case: str
    owner: str
    match: Match


def rank(
    need: Need,
    offers: Iterable[Offer],
    places: Places,
    today: date,
    fading: Fading = USUAL,
) -> tuple[Match, ...]:
    """Every offer: first those that suit, the best first, then those left out, by their ids.

    The same offers in any order give the same answer. Each offer is looked at once, or twice
    where a local offer was asked for by name.
    """
    if need.service is Service.LOCAL_OFFER and need.category is None:
        offers = list(offers)
        kinds = (offer.category for offer in offers if offer.id == need.offer_id)
        need = replace(need, category=next(kinds, None))
    held = sorted((_held(need, offer, places, today, fading) for offer in offers), key=_order)
    suiting = [match for left_out, _, match in held if not left_out]
    others = [match for left_out, _, match in held if left_out]
    return (*(replace(match, place=nth) for nth, match in enumerate(suiting, 1)), *others)


def suggestions(
    offer: Offer,
    referrals: Iterable[OpenReferral],
    places: Places,
    today: date,
    fading: Fading = USUAL,
    most: int = MOST_SUGGESTED,
    before: Offer | None = None,
) -> tuple[Suggestion, ...]:
    """The open referrals that this offer suits, the most urgent and then the oldest first.

    Nobody is told of an offer they made themselves, asked for, or were turned down by; nor of one
    that suited them already as it was `before`.
    """
    found: list[tuple[tuple[int, datetime, str], Suggestion]] = []
    for referral in referrals:
        need = referral.need
        known = {referral.owner, *referral.turned_down_by}
        if offer.publisher in known or need.offer_id == offer.id:
            continue
        left_out, _, match = _held(need, offer, places, today, fading)
        if not left_out and (before is None or _held(need, before, places, today, fading)[0]):
            soon = SOONEST_FIRST.index(need.urgency)
            suggestion = Suggestion(referral.case, referral.owner, replace(match, place=1))
            found.append(((soon, referral.since, referral.case), suggestion))
    return tuple(suggestion for _, suggestion in sorted(found, key=lambda each: each[0])[:most])


_Ranks = tuple[object, ...]
_Held = tuple[bool, _Ranks, Match]
"""Whether it is left out, what it is ranked by, and the match without its place."""


def _held(need: Need, offer: Offer, places: Places, today: date, fading: Fading) -> _Held:
    found = (
        match_criteria.service(need, offer),
        match_criteria.served(need, offer, places),
        match_criteria.language(need, offer),
        match_criteria.capacity(need, offer),
        match_criteria.freshness(offer, today, fading),
        match_criteria.distance(need, offer, places),
    )
    reasons = tuple(finding.reason for finding in found)
    against = tuple(reason for reason in reasons if reason.excludes)
    if offer.withdrawn:
        against = (because(MatchReason.WITHDRAWN),)
    if against:
        return True, (offer.id, offer.publisher), Match(offer, None, against)
    free = 0 if offer.shown is None else offer.shown.available
    ranks = (*(finding.rank for finding in found), -free, offer.id, offer.publisher)
    return False, ranks, Match(offer, None, reasons)


def _order(held: _Held) -> tuple[bool, _Ranks]:
    return held[:2]
