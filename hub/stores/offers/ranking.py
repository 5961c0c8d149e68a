"""The offers in the database, ranked for what a referral asks for, with the reasons."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Engine, or_, select

from connectors.sql.database import answering
from hub.domain.freshness import USUAL, Fading
from hub.domain.matching import Match, rank
from hub.domain.need import Need
from hub.domain.places import Places
from hub.stores.offers import rows
from hub.stores.offers.finding import serves
from hub.stores.offers.tables import offers
from schemas.vocabulary import Service


class OfferRanking:
    """Ranks what is kept; made for an engine of `open_for_reading`, safe from several threads."""

    def __init__(self, engine: Engine, places: Places, fading: Fading = USUAL) -> None:
        """Read through `engine`; distances and names are those of `places`."""
        self._engine = engine
        self._places = places
        self._fading = fading

    def ranked(self, need: Need, now: datetime) -> tuple[Match, ...]:
        """The offers that answer the need where the client lives, and the one that was named.

        Those that suit come first, the best of them first; then those left out, each with what
        speaks against it. The database finds them, `hub.domain.matching` ranks them. Raises
        `connectors.errors.Later` when the database is away.
        """
        query = select(offers).where(_concerns(need)).order_by(offers.c.id)
        with answering(), self._engine.begin() as connection:
            found = connection.execute(query).all()
        kept = [rows.read(row).offer for row in found]
        return rank(need, kept, self._places, now.astimezone(UTC).date(), self._fading)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _concerns(need: Need) -> ColumnElement[bool]:
    """Whether an offer is the named one, or stands and is of the kind and for the place.

    No other could suit: `rank` leaves it out for its service or its area.
    """
    stands = offers.c.withdrawn.is_(False) & serves(need.ags) & _answers(need)
    return stands if need.offer_id is None else or_(offers.c.offer_id == need.offer_id, stands)


def _answers(need: Need) -> ColumnElement[bool]:
    if need.service is not Service.LOCAL_OFFER:
        return offers.c.service == need.service.value
    if need.category is not None:
        return offers.c.category == need.category.value
    named = select(offers.c.category).where(offers.c.offer_id == need.offer_id)
    return offers.c.category.in_(named)
