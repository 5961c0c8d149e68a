"""A referral turned away for lack of places: what the lanes and the holders of an offer hear.

The places shown are lowered until the publisher counts again; what it said is kept beside them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from hub.domain import case, offer_memory
from hub.domain.decision import Outgoing, Searchable, State
from hub.domain.emission import Cause
from hub.domain.need import spoken_of
from hub.domain.offer_news import TurnedAway, origin_of, to_every_lane
from hub.domain.parties import Parties
from hub.domain.referral import Referral
from hub.domain.transitions import Status
from schemas import topics
from schemas.events.support_offer_capacity_lowered import SupportOfferCapacityLowered
from schemas.vocabulary import StatusReason

SAYS: Final = {
    "lowered-places-to-holders": "This party has the offer; a referral to it was turned away.",
}
"""Why a party is told, in words."""


def turned_away(
    after: Referral, at: datetime, cause: Cause, state: Searchable
) -> tuple[Outgoing, ...]:
    """What the lanes are told because of a step, taken then, after which a referral stands so.

    Of all steps only one costs more than a look: it goes through the offers this lane knows.
    """
    if after.status is not Status.REJECTED or after.reason is not StatusReason.AT_CAPACITY:
        return ()
    ids = spoken_of(after, offer_memory.copies(state))
    news = (TurnedAway(offer_id, at, origin_of(cause)) for offer_id in ids)
    return tuple(to_every_lane(one) for one in news)


def holders(state: State, offer_id: str, parties: Parties) -> Iterator[str]:
    """Who has the offer and may be told of it, its publisher among them."""
    for holder in case.load(state, topics.SUPPORT_OFFERS, offer_id).holders:
        party = parties.get(holder)
        if party is not None and party.may_receive(SupportOfferCapacityLowered.TYPE):
            yield holder
