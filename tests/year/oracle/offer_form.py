"""How an offer stands: whom it is for, when it was assured, whether there are places."""

from datetime import date, datetime
from typing import NamedTuple

from schemas.data import Data
from schemas.events.referral_requested import ReferralRequested
from schemas.events.support_offer_capacity_changed import SupportOfferCapacityChanged
from schemas.events.support_offer_published import Capacity, SupportOfferPublished
from schemas.vocabulary import CapacityStatus, OfferCategory, Service


class Form(NamedTuple):
    """An offer as it stands."""

    publisher: str
    category: OfferCategory
    service: Service | None
    area: tuple[str, ...]
    assured_on: date
    said: Capacity | None
    """The places, as they were counted last."""
    counted_at: datetime
    lowered_at: datetime | None = None
    """When somebody was last turned away for lack of places."""

    @property
    def is_free(self) -> bool:
        """Whether there is a place, as far as anybody knows."""
        if self.lowered_at is not None and self.lowered_at >= self.counted_at:
            return False
        if self.said is None:
            return True
        return self.said.status is CapacityStatus.CAPACITY and self.said.available > 0

    def serves(self, ags: str) -> bool:
        """Whether it is for people who live there."""
        return ags.startswith(self.area)

    def answers(self, asked: ReferralRequested) -> bool:
        """Whether it is the service that was asked for, for the place where it was."""
        return self.service is asked.service and self.serves(asked.client.ags)


def form_after(before: Form | None, publisher: str, data: Data, at: datetime) -> Form | None:
    """How it stands after its publisher has said this; None: it is no longer there."""
    if isinstance(data, SupportOfferPublished):
        new = Form(
            publisher,
            data.category,
            data.service,
            data.service_area,
            min(data.assured_date, at.date()),
            data.capacity,
            min(data.capacity.updated, at) if data.capacity else at,
        )
        if before is None:
            return new
        new = new._replace(lowered_at=before.lowered_at)
        is_old_news = before.said is not None and new.counted_at < before.counted_at
        return new._replace(said=before.said, counted_at=before.counted_at) if is_old_news else new
    if before is None or not isinstance(data, SupportOfferCapacityChanged):
        return None
    return before._replace(said=data.capacity, counted_at=min(data.capacity.updated, at))
