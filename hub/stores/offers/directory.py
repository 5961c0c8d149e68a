"""The offers in the database, as the open directory asks for them."""

from datetime import datetime

from sqlalchemy import Engine, func, select

from connectors.errors import Later
from connectors.sql.database import answering
from hub.domain.freshness import USUAL, Fading
from hub.hsds import ids
from hub.hsds.directory import Found, Listed, Wish
from hub.hsds.problems import Away
from hub.stores.offers import rows
from hub.stores.offers.finding import where
from hub.stores.offers.tables import offers


class OfferDirectory:
    """Reads the offers; made for an engine of `open_for_reading`, safe from several threads."""

    def __init__(self, engine: Engine, fading: Fading = USUAL) -> None:
        """Read through `engine`; how offers grow old is what the application shows."""
        self._engine = engine
        self._fading = fading

    def find(self, wish: Wish, now: datetime, first: int, most: int) -> Found:
        """At most so many from the `first`, in the order of their ids; raises Away."""
        these = where(wish, now, self._fading)
        part = select(offers).where(*these).order_by(offers.c.id).offset(first).limit(most)
        count = select(func.count()).select_from(offers).where(*these)
        try:
            with answering(), self._engine.begin() as connection:
                total = connection.execute(count).scalar_one()
                found = connection.execute(part).all()
        except Later as later:
            raise Away("The offers cannot be read now; ask again.") from later
        return Found(total, [rows.read(row) for row in found])

    def one(self, listed_id: str) -> Listed | None:
        """The offer with this id, if there is one; raises Away."""
        if not ids.is_id(listed_id):
            return None
        this = select(offers).where(offers.c.id == listed_id)
        try:
            with answering(), self._engine.begin() as connection:
                row = connection.execute(this).one_or_none()
        except Later as later:
            raise Away("The offers cannot be read now; ask again.") from later
        return None if row is None else rows.read(row)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
