"""An offer as rows, and rows as an offer."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from hub.domain import offer_memory
from hub.domain.offers import Offer
from hub.hsds import ids
from hub.hsds.directory import Listed
from schemas.events.support_offer_published import SupportOfferPublished

Values = dict[str, Any]
MILLISECOND: Final = 1000
"""In microseconds."""


def of(offer: Offer, said: SupportOfferPublished, feed: str, now: datetime) -> Values:
    """The offer's row; what it is found by in other tables is not in it."""
    return {
        "id": ids.service_id(offer.publisher, offer.id),
        "offer_id": offer.id,
        "publisher": offer.publisher,
        "feed": feed,
        "organization_id": ids.organization_id(offer.publisher, said.organisation),
        "category": offer.category.value,
        "service": None if offer.service is None else offer.service.value,
        "assured_on": offer.assured_on,
        "withdrawn": offer.withdrawn,
        "changed_at": _to_the_millisecond(now),
        "words": _words(said),
        "remembered": offer_memory.dump(offer).decode(),
        "said": said.model_dump(mode="json", exclude_none=True),
    }


def read(row: Row[Any]) -> Listed:
    """The offer in a row."""
    return Listed(
        id=row.id,
        offer=offer_memory.read(row.remembered),
        said=SupportOfferPublished.model_validate(row.said),
        changed_at=row.changed_at,
    )


def _words(said: SupportOfferPublished) -> str:
    """What is searched, in small letters; a NUL, which PostgreSQL has no room for, is a blank."""
    words = f"{said.name} {said.organisation} {said.description}"
    return words.casefold().replace("\0", " ")


def _to_the_millisecond(at: datetime) -> datetime:
    """As exact as HSDS shows it, so that what is shown finds it again."""
    return at.replace(microsecond=at.microsecond // MILLISECOND * MILLISECOND)
