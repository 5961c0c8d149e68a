"""Which open referrals of a lane an offer is suggested to, and what their owners are told."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from hub.domain import offer_memory, referral_memory
from hub.domain.decision import Searchable
from hub.domain.match_reasons import Reason
from hub.domain.matching import OpenReferral, Suggestion, suggestions
from hub.domain.need import need_from
from hub.domain.offers import Offer
from hub.domain.parties import Parties
from hub.domain.referral import Referral
from schemas.events.referral_offer_suggested import Because, ReferralOfferSuggested
from schemas.vocabulary import MatchReason, Service

LOOKED_AT: Final = 500
"""So many open referrals for a service are looked at in a lane, those untouched longest first."""
SAYS: Final = {
    "suggestion-to-owner": "This offer has begun to suit a referral that this party has.",
}
"""Why an owner is told, in words."""
TEXT_CHARACTERS: Final = 300


class Told(NamedTuple):
    """One owner to be told of an offer for one referral."""

    case: str
    referral: Referral
    data: ReferralOfferSuggested


def told(
    offer: Offer, before: Offer | None, state: Searchable, today: date, parties: Parties
) -> Iterator[Told]:
    """Whom to tell that this offer suits now and did not as it was before.

    Only who may have it is told: the owner may have left the registry since.
    """
    services = {offer.service or Service.LOCAL_OFFER, Service.LOCAL_OFFER}
    asking = referral_memory.asking_for(state, services)
    referrals = dict(islice(asking, LOOKED_AT))
    waiting = [_waiting(case, each, state) for case, each in referrals.items()]
    for one in suggestions(offer, waiting, parties.places, today, before=before):
        if _may_hear(one.owner, parties):
            yield Told(one.case, referrals[one.case], _said(one))


def _waiting(case: str, referral: Referral, state: Searchable) -> OpenReferral:
    kind = offer_memory.kind(state, referral.offer_id) if referral.offer_id else None
    return OpenReferral(
        case=case,
        owner=referral.owner,
        since=referral.first_received_at,
        need=need_from(referral, kind),
        turned_down_by=frozenset(referral.turned_down_by),
    )


def _may_hear(owner: str, parties: Parties) -> bool:
    party = parties.get(owner)
    may = party is not None and party.may_receive(ReferralOfferSuggested.TYPE)
    return may and party is not None and party.is_committed


def _said(suggestion: Suggestion) -> ReferralOfferSuggested:
    offer = suggestion.match.offer
    return ReferralOfferSuggested(
        offer_id=offer.id,
        publisher=offer.publisher,
        name=offer.name,
        category=offer.category,
        service=offer.service,
        reasons=tuple(_because(reason) for reason in suggestion.match.reasons if _counts(reason)),
    )


def _counts(reason: Reason) -> bool:
    """Of languages nothing can be said: those of the client are not remembered."""
    return reason.code is not MatchReason.LANGUAGE_NOT_KNOWN


def _because(reason: Reason) -> Because:
    return Because(code=reason.code, text=reason.text[:TEXT_CHARACTERS])
