"""What a referral asks for, as far as offers are concerned."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hub.domain.offers import Offer
from schemas.events.referral_requested import ReferralRequested
from schemas.vocabulary import MeetingPlace, OfferCategory, Service, Urgency

KRANICHSTEIN_AGS: Final = "06411000"
"""Kranichstein is a quarter of Darmstadt."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a referral asks for; social data without a name (SGB X §67), never logged."""

    service: Service
    ags: str
    """Where the client lives."""
    languages: tuple[str, ...] = ()
    """ISO 639 codes of what the client speaks, the best first; empty: not said."""
    urgency: Urgency = Urgency.ROUTINE
    wished_place: MeetingPlace = MeetingPlace.TOWN_HALL
    offer_id: str | None = None
    """The local offer that was asked for by name."""
    category: OfferCategory | None = None
    """The kind of that offer: others of its kind may stand in for it."""

    @property
    def origin(self) -> str | None:
        """From where the way is counted: the municipality's key; None by phone."""
        if self.wished_place is MeetingPlace.PHONE:
            return None
        return KRANICHSTEIN_AGS if self.wished_place is MeetingPlace.KRANICHSTEIN else self.ags


def need_of(data: ReferralRequested) -> Need:
    """What this referral asks for."""
    return Need(
        service=data.service,
        ags=data.client.ags,
        languages=data.client.languages,
        urgency=data.urgency,
        wished_place=data.wished_place,
        offer_id=data.offer_id,
    )


def spoken_of(need: Need, owner: str, offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """The offers a party speaks of when it turns this referral away for lack of places.

    The one that was asked for by name; else all its own that answer the service at the place.
    """
    if need.offer_id is not None:
        return tuple(offer for offer in offers if offer.id == need.offer_id)
    return tuple(
        offer
        for offer in offers
        if offer.publisher == owner and offer.service is need.service and offer.serves(need.ags)
    )
