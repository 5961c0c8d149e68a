"""Moves the position of a topic, so that of two writers only one gets each delivery."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, select, update

from connectors.backoffice.tables import positions
from connectors.errors import Broken, Later
from connectors.sql.database import insert_or_ignore

RETRY_AFTER_S = 0.2
"""How long to leave another writer alone, in seconds."""


class Place(NamedTuple):
    """A partition of a party's topic."""

    party: str
    topic: str
    partition: int


def advance(
    connection: Connection, place: Place, known: int | None, offsets: Sequence[int]
) -> tuple[int, int]:
    """Move the position behind `offsets`; returns where it stood and where it stands.

    `known` is where this writer saw it last. Whatever lies before where it stood was kept by
    somebody before. The first writer holds the position until its transaction ends; the other
    waits for it, and then finds it moved. Raises Broken when it went back.
    """
    behind = max(offsets) + 1
    if known is None:
        row = {**_columns(place), "next_offset": 0}
        connection.execute(insert_or_ignore(connection, positions).values(row))
    at = known or 0
    if not _move(connection, place, at, max(at, behind)):
        at = _read(connection, place, at)
        if not _move(connection, place, at, max(at, behind)):
            raise Later(RETRY_AFTER_S, "another writer was faster")
    return at, max(at, behind)


def _move(connection: Connection, place: Place, at: int, to: int) -> bool:
    stands = and_(
        *(positions.c[name] == value for name, value in _columns(place).items()),
        positions.c.next_offset == at,
    )
    return connection.execute(update(positions).where(stands).values(next_offset=to)).rowcount == 1


def _read(connection: Connection, place: Place, known: int) -> int:
    here = and_(*(positions.c[name] == value for name, value in _columns(place).items()))
    at = connection.execute(select(positions.c.next_offset).where(here)).scalar()
    if at is None or at < known:
        raise Broken(
            f"{place.topic}[{place.partition}] was kept up to {known}, but the database says"
            f" {at}: it is not the one that was written to"
        )
    return int(at)


def _columns(place: Place) -> dict[str, str | int]:
    return {"party": place.party, "topic": place.topic, "topic_partition": place.partition}
