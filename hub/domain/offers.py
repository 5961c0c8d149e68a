"""What the hub remembers of a support offer: whom it serves, how fresh it is, how many places.

Two things are kept apart: what the provider said, and what is shown. A referral turned away for
lack of places lowers what is shown until the provider has counted again.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from hub.domain.freshness import USUAL, Fading, Freshness
from schemas.data import Data
from schemas.events.support_offer_capacity_changed import SupportOfferCapacityChanged
from schemas.events.support_offer_published import Capacity, SupportOfferPublished
from schemas.events.support_offer_withdrawn import SupportOfferWithdrawn
from schemas.vocabulary import CapacityStatus, OfferCategory, Service


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer; it is public, nothing personal stands in it."""

    id: str
    """The subject of its events."""
    publisher: str
    """The party that published it."""
    name: str
    category: OfferCategory
    service: Service | None
    """The referral service it answers, if any."""
    service_area: tuple[str, ...]
    """Whom it serves: municipalities (8 digits) or whole districts (5 digits)."""
    place_ags: str | None
    """Where it is."""
    languages: tuple[str, ...]
    assured_on: date
    """When somebody last made sure; never after the day it was said."""
    said: Capacity | None = None
    """The places as the provider counted them."""
    counted_at: datetime | None = None
    """When the provider counted or said so; never after it was said."""
    lowered_at: datetime | None = None
    """When a referral was last turned away for lack of places."""
    withdrawn: bool = False

    @property
    def shown(self) -> Capacity | None:
        """The places to reckon with: none if a referral was turned away since they were counted."""
        if self.lowered_at is None or self.lowered_at < (self.counted_at or self.lowered_at):
            return self.said
        return Capacity(
            status=CapacityStatus.NO_CAPACITY,
            available=0,
            maximum=None if self.said is None else self.said.maximum,
            updated=self.lowered_at,
        )

    def serves(self, ags: str) -> bool:
        """Whether it is for people who live in this municipality."""
        return any(ags.startswith(area) for area in self.service_area)

    def freshness(self, today: date, fading: Fading = USUAL) -> Freshness:
        """How fresh it is on this day."""
        age = today - self.assured_on
        if age >= fading.faded_after:
            return Freshness.FADED
        return Freshness.FADING if age >= fading.fading_after else Freshness.FRESH

    def ageing_days(self, fading: Fading = USUAL) -> tuple[date, ...]:
        """The days on which it begins to fade and has faded, as far as a calendar goes."""
        ages = (fading.fading_after, fading.faded_after)
        return tuple(self.assured_on + age for age in ages if date.max - self.assured_on >= age)


def after(
    before: Offer | None, offer_id: str, publisher: str, data: Data, at: datetime
) -> Offer | None:
    """The offer after its publisher said this at this time; None if there is none to know of.

    An offer published again replaces what was said before, but for a younger count of its places.
    News of an offer nobody published, and any other event, change nothing.
    """
    if isinstance(data, SupportOfferPublished):
        return _published(before, offer_id, publisher, data, at)
    if before is None:
        return None
    if isinstance(data, SupportOfferCapacityChanged):
        return _counted(before, data.capacity, at)
    if isinstance(data, SupportOfferWithdrawn):
        return replace(before, withdrawn=True)
    return before


def lowered(offer: Offer, at: datetime) -> Offer:
    """The offer after a referral was turned away for lack of places at this time.

    Heard of twice or late it makes no difference: a count made since then stands.
    """
    latest = at if offer.lowered_at is None else max(offer.lowered_at, at)
    return replace(offer, lowered_at=latest)


def _published(
    before: Offer | None, offer_id: str, publisher: str, data: SupportOfferPublished, at: datetime
) -> Offer:
    offer = Offer(
        id=offer_id,
        publisher=publisher,
        name=data.name,
        category=data.category,
        service=data.service,
        service_area=data.service_area,
        place_ags=data.place_ags,
        languages=data.languages,
        assured_on=min(data.assured_date, at.date()),
    )
    if before is not None:
        offer = replace(
            offer,
            said=before.said,
            counted_at=before.counted_at,
            lowered_at=before.lowered_at,
        )
    return _counted(offer, data.capacity, at)


def _counted(offer: Offer, said: Capacity | None, at: datetime) -> Offer:
    """The offer with what is said of its places; a count older than the one known is old news.

    One that claims to be of a later time than it was said is of the time it was said: else no
    referral turned away could weigh against it.
    """
    counted_at = at if said is None else min(said.updated, at)
    if offer.said is not None and offer.counted_at is not None and counted_at < offer.counted_at:
        return offer
    return replace(offer, said=said, counted_at=counted_at)
