"""A sink: keeps the support offers among a party's deliveries, and how far it has read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import structlog
from sqlalchemy import ColumnElement, Connection, Engine, and_, select, update

from connectors.base import Delivered
from connectors.errors import Broken
from connectors.sql.database import answering, insert_or_ignore
from hub.stores.offers.keeping import apply
from hub.stores.offers.tables import positions
from schemas.codec import HEADER_PREFIX, decode
from schemas.errors import Unreadable

OFFERS: Final = b"support-offer."
log = structlog.get_logger()


class Place(NamedTuple):
    """A partition of a party's topic."""

    party: str
    topic: str
    partition: int


class OfferFeed:
    """A sink for any number of parties in one database.

    What it promises: what a delivery changes and the offset behind it are kept together or not
    at all, and a delivery handed in again changes nothing. It opens support offers only; all
    else in a party's deliveries, which may be about people, is passed over unread.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        """Write through `engine`, which is closed with the sink; `now` dates the changes."""
        self._engine = engine
        self._now = now
        self._known: dict[Place, int] = {}

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """The next offset to read for each (topic, partition) the database knows."""
        query = select(positions).where(positions.c.topic.in_(topics))
        with answering(), self._engine.begin() as connection:
            rows = connection.execute(query).all()
        self._known = {Place(r.party, r.topic, r.topic_partition): r.next_offset for r in rows}
        return {(place.topic, place.partition): at for place, at in self._known.items()}

    def write(self, deliveries: Sequence[Delivered]) -> None:
        """Keep all of them and their offsets, or none; raises Later when the database is away.

        Raises Broken when the database has gone back behind what it had kept: a restored backup.
        """
        by_place: dict[Place, list[Delivered]] = {}
        for delivered in deliveries:
            place = Place(delivered.party, delivered.topic, delivered.partition)
            by_place.setdefault(place, []).append(delivered)
        moved: dict[Place, int] = {}
        with answering(), self._engine.begin() as connection:
            for place in sorted(by_place):  # always in one order: two writers never cross
                behind = max(delivered.offset for delivered in by_place[place]) + 1
                at = _held(connection, place, self._known.get(place))
                for delivered in by_place[place]:
                    if delivered.offset >= at:
                        self._keep(connection, delivered)
                moved[place] = max(at, behind)
                move = update(positions).where(_here(place)).values(next_offset=moved[place])
                connection.execute(move)
        self._known |= moved

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _keep(self, connection: Connection, delivered: Delivered) -> None:
        if not _is_offer(delivered):
            return
        try:
            event = decode(delivered.record)
        except Unreadable as unreadable:
            place = {"topic": delivered.topic, "topic_offset": delivered.offset}
            log.warning("offer_unreadable", problems=str(unreadable), **place)
        else:
            apply(connection, delivered.party, event, self._now())


def _is_offer(delivered: Delivered) -> bool:
    """By its header: the hub writes binary mode."""
    kind = dict(delivered.record.headers).get(f"{HEADER_PREFIX}type") or b""
    return kind.startswith(OFFERS)


def _held(connection: Connection, place: Place, known: int | None) -> int:
    """Where the position stands; it is this writer's until the transaction ends.

    `known` is where this writer saw it last. Raises Broken when it went back.
    """
    if known is None:
        row = {**_columns(place), "next_offset": 0}
        connection.execute(insert_or_ignore(connection, positions).values(row))
    hold = update(positions).where(_here(place)).values(next_offset=positions.c.next_offset)
    at = connection.execute(hold.returning(positions.c.next_offset)).scalar_one_or_none()
    if at is None or at < (known or 0):
        raise Broken(
            f"{place.topic}[{place.partition}] was kept up to {known}, but the database says"
            f" {at}: it is not the one that was written to"
        )
    return int(at)


def _here(place: Place) -> ColumnElement[bool]:
    return and_(*(positions.c[name] == value for name, value in _columns(place).items()))


def _columns(place: Place) -> dict[str, str | int]:
    return {"party": place.party, "topic": place.topic, "topic_partition": place.partition}
