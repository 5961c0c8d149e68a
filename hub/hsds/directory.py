"""What the directory is asked and what it answers; whoever keeps the offers offers this."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.domain.offers import Offer
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.vocabulary import OfferCategory, Service


@dataclass(frozen=True, slots=True)
class Listed:
    """An offer as it stands in the directory."""

    id: str
    """Its id there: a UUID, the same for as long as the offer exists."""
    offer: Offer
    said: SupportOfferPublished
    """What its publisher said of it last, whole."""
    changed_at: datetime
    """When the directory was last changed by an event about it, to the millisecond."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which offers are asked for: those for which all of this is true."""

    categories: frozenset[OfferCategory] | None = None
    services: frozenset[Service] | None = None
    area: str | None = None
    """It serves this municipality (8 digits), or any place in this district (5 digits)."""
    languages: frozenset[str] = frozenset()
    """Each of these ISO 639 codes is spoken there."""
    organization: str | None = None
    """It is this organization's (UUID)."""
    words: tuple[str, ...] = ()
    """Each of these stands somewhere in name, description or organization."""
    modified_after: datetime | None = None
    """It changed then or later, by an event or by having grown old."""


class Found(NamedTuple):
    """A part of what was found."""

    total: int
    """How many there are in all."""
    listed: Sequence[Listed]
    """Those of the part asked for, always in the same order."""


class Directory(Protocol):
    """Where the offers are kept; `Away` is in `hub.hsds.problems`."""

    def find(self, wish: Wish, now: datetime, first: int, most: int) -> Found:
        """At most so many from the `first`, counted from 0; raises Away if unreadable."""

    def one(self, listed_id: str) -> Listed | None:
        """The offer with this id, if there is one; raises Away if unreadable."""
