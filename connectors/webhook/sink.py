"""Keeps deliveries and how far they were read in one transaction of the store."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import structlog

from connectors.base import Delivered
from connectors.errors import Broken, Later
from connectors.webhook.mapping import message_of, untouched
from connectors.webhook.store import Store
from schemas.codec import HEADER_PREFIX
from schemas.errors import Unreadable
from schemas.events.subject_erased import SubjectErased

log = structlog.get_logger()
FULL_RETRY_S: Final = 10.0
"""How long to leave a store alone that has enough for a receiver, in seconds."""

_OUTGOING: Final = (
    "INSERT INTO outgoing (party, message_id, event_id, subject, body, topic, topic_partition,"
    " topic_offset, stored_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_FAULTY: Final = "INSERT INTO faulty VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_ERASE: Final = (
    "UPDATE outgoing SET body = NULL, delivered_at = :now WHERE party = :party"
    " AND subject = :case AND delivered_at IS NULL AND message_id <> :told"
)
"""What waits of a case whose content was erased at the hub is not sent any more."""
_TYPE: Final = (f"{HEADER_PREFIX}type", SubjectErased.wire_type().encode())
_POSITION: Final = (
    "SELECT next_offset FROM positions WHERE party = ? AND topic = ? AND topic_partition = ?"
)
_MOVE: Final = (
    "INSERT INTO positions VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset"
)


class Place(NamedTuple):
    """A partition of a party's topic."""

    party: str
    topic: str
    partition: int


class Webhook:
    """A sink for any number of receivers; `Sender` brings to them what lies in the store.

    What it promises: a delivery and the offset behind it are kept together or not at all, a
    delivery handed in again changes nothing, and of two that write for the same party at once
    each delivery is kept by one of them.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], max_waiting: int) -> None:
        """Write through `store`, which is closed with the sink; `now` dates the rows."""
        self._store = store
        self._now = now
        self._max_waiting = max_waiting
        self._known: dict[Place, int] = {}

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """The next offset to read for each (topic, partition) the store knows."""
        with self._store.reading() as connection:
            rows = connection.execute("SELECT * FROM positions").fetchall()
        found = {
            Place(row["party"], row["topic"], row["topic_partition"]): int(row["next_offset"])
            for row in rows
            if row["topic"] in topics
        }
        self._known = found
        return {(place.topic, place.partition): at for place, at in found.items()}

    def write(self, deliveries: Sequence[Delivered]) -> None:
        """Keep all of them and their offsets, or none.

        Raises Later when the store does not answer or when too much waits for a receiver, and
        Broken when the store has gone back behind what it had kept: a restored backup.
        """
        by_place: dict[Place, list[Delivered]] = {}
        for delivered in deliveries:
            place = Place(delivered.party, delivered.topic, delivered.partition)
            by_place.setdefault(place, []).append(delivered)
        moved: dict[Place, int] = {}
        with self._store.writing() as connection:
            fresh: list[Delivered] = []
            for place, some in by_place.items():
                at = self._position(connection, place)
                fresh += [one for one in some if one.offset >= at]
                moved[place] = max(at, max(one.offset for one in some) + 1)
            self._ask_for_room(connection, {one.party for one in fresh})
            self._keep(connection, fresh)
            connection.executemany(_MOVE, [(*place, at) for place, at in moved.items()])
        self._known |= moved

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def _position(self, connection: sqlite3.Connection, place: Place) -> int:
        """Where the place stands: what lies before it was kept by somebody."""
        row = connection.execute(_POSITION, place).fetchone()
        at, known = (int(row[0]) if row else 0), self._known.get(place, 0)
        if at < known:
            raise Broken(
                f"{place.topic}[{place.partition}] was kept up to {known}, but the store says"
                f" {at}: it is not the one that was written to"
            )
        return at

    def _ask_for_room(self, connection: sqlite3.Connection, parties: set[str]) -> None:
        query = "SELECT count(*) FROM outgoing WHERE party = ? AND delivered_at IS NULL"
        for party in sorted(parties):
            if connection.execute(query, (party,)).fetchone()[0] >= self._max_waiting:
                raise Later(FULL_RETRY_S, f"enough waits for {party}")

    def _keep(self, connection: sqlite3.Connection, deliveries: Sequence[Delivered]) -> None:
        now = self._now().timestamp()
        repeated = 0
        for one in deliveries:
            place = (one.topic, one.partition, one.offset)
            message = message_of(one)
            if isinstance(message, Unreadable):
                row = (one.party, *place, str(message), untouched(one.record), now)
                connection.execute(_FAULTY, row)
                log.error("delivery_unreadable", problems=str(message), place=place)
            elif message is not None:
                row_of = (one.party, *message, *place, now, now)
                repeated += not connection.execute(_OUTGOING, row_of).rowcount
                if _TYPE in one.record.headers:
                    gone = {"party": one.party, "case": message.subject, "now": now}
                    connection.execute(_ERASE, gone | {"told": message.message_id})
        if repeated:
            log.warning("deliveries_repeated", deliveries=repeated)
