"""Moves the position of the ledger, so that of two writers only one gets each line."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, select, update

from connectors.errors import Broken
from connectors.sql.database import insert_or_ignore
from hub.stores.ledger.tables import positions

Place = tuple[str, int]
"""Topic and partition."""


def advance(connection: Connection, place: Place, known: int, offsets: Sequence[int]) -> int:
    """Move the position behind `offsets`; returns where it stood.

    Whoever moves it holds it until the transaction ends; whatever lies before was kept by somebody
    before. Raises Broken when it stands before `known`: the database is a restored backup.
    """
    topic, partition = place
    here = {"topic": topic, "topic_partition": partition}
    connection.execute(insert_or_ignore(connection, positions).values(**here, next_offset=0))
    row = and_(*(positions.c[name] == value for name, value in here.items()))
    stood = connection.execute(select(positions.c.next_offset).where(row).with_for_update())
    at = int(stood.scalar_one())
    if at < known:
        raise Broken(
            f"{topic}[{partition}] was kept up to {known}, but the database says {at}: it is not"
            " the one that was written to"
        )
    moved = max(at, *(offset + 1 for offset in offsets))
    connection.execute(update(positions).where(row).values(next_offset=moved))
    return at
