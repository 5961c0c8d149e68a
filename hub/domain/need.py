"""What a referral asks for, as far as offers are concerned."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hub.domain.offers import Offer
from hub.domain.referral import Referral
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


def need_from(referral: Referral, category: OfferCategory | None = None) -> Need:
    """What a referral asks for, as far as a lane remembers it: not which languages it needs.

    `category`: the kind of the offer it names, if that is known.
    """
    return Need(
        service=referral.service,
        ags=referral.ags,
        urgency=referral.urgency,
        wished_place=referral.wished_place,
        offer_id=referral.offer_id,
        category=category,
    )


def spoken_of(referral: Referral, offers: Iterable[Offer]) -> tuple[str, ...]:
    """The ids of the offers its owner speaks of, turning a referral away for lack of places.

    The one that was asked for by name, unless the referral was passed on to somebody else's; if
    none was named, all of the owner's own that answer the service at the place.
    """
    named = referral.offer_id
    if named is not None and not referral.former_owners:
        return (named,)
    return tuple(
        offer.id
        for offer in offers
        if offer.publisher == referral.owner
        and (offer.id == named if named else _is_for(offer, referral))
    )


def _is_for(offer: Offer, referral: Referral) -> bool:
    return offer.service is referral.service and offer.serves(referral.ags)
