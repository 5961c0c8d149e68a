"""What a party finds in its mailbox, and what becomes of an item."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, or_, select, update

from connectors.mailbox.tables import faulty, items
from connectors.sql.database import answering
from schemas.events.subject_erased import SubjectErased


class Listed(NamedTuple):
    """An item as it stands in the list."""

    number: int
    """Its place in the list; never used again."""
    id: str
    type: str
    subject: str
    time: datetime
    received_at: datetime
    collected: bool
    """Whether its content was fetched before."""


class State(StrEnum):
    """What became of an item."""

    NEW = "new"
    COLLECTED = "collected"
    ACKNOWLEDGED = "acknowledged"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Found(NamedTuple):
    """An item that was asked for."""

    state: State
    body: bytes | None = None
    """The event, as long as it is neither acknowledged nor expired."""


class Uncollected(NamedTuple):
    """An item that nobody has acknowledged; names and times, no content."""

    party: str
    """Whose mailbox it lies in."""
    event_id: str
    """The id of the copy that lies there."""
    type: str
    subject: str
    source: str
    """Who in the hub wrote the copy; with case, sender and cause it proves the id of the copy."""
    sender: str | None
    """The source of the event it is a copy of."""
    cause_id: str | None
    """The id of that event, as its sender gave it."""
    received_at: datetime
    collected_at: datetime | None
    """When its content was first fetched, if it was."""


_OPEN = and_(items.c.acknowledged_at.is_(None), items.c.expired_at.is_(None))


class Store:
    """The mailboxes in one database; any number of threads may call it.

    Every call raises Later when the database is away.
    """

    def __init__(self, engine: Engine) -> None:
        """Read and write through `engine`, which is closed by `close`."""
        self._engine = engine

    def listed(self, party: str, after: int, limit: int) -> Sequence[Listed]:
        """The items nobody has acknowledged, from behind that number on, in their order."""
        query = (
            select(
                items.c.number,
                items.c.event_id,
                items.c.type,
                items.c.subject,
                items.c.time,
                items.c.received_at,
                items.c.collected_at.is_not(None),
            )
            .where(items.c.party == party, items.c.number > after, _OPEN)
            .order_by(items.c.number)
            .limit(limit)
        )
        with answering(), self._engine.begin() as connection:
            return [Listed(*row) for row in connection.execute(query)]

    def collect(self, party: str, event_id: str, now: datetime) -> Found:
        """The item's content; notes that it was fetched."""
        this = _this(party, event_id)
        first = update(items).where(this, _OPEN, items.c.collected_at.is_(None))
        with answering(), self._engine.begin() as connection:
            connection.execute(first.values(collected_at=now))
            row = connection.execute(select(items).where(this)).one_or_none()
        if row is None:
            return Found(State.UNKNOWN)
        if row.acknowledged_at is not None:
            return Found(State.ACKNOWLEDGED)
        return Found(State.EXPIRED) if row.body is None else Found(State.COLLECTED, row.body)

    def acknowledge(self, party: str, event_id: str, now: datetime) -> State:
        """The party has the item and answers for it: its content is erased here.

        Only an item whose content was fetched can be acknowledged; NEW says that it was not.
        """
        this = _this(party, event_id)
        fetched = update(items).where(this, _OPEN, items.c.collected_at.is_not(None))
        with answering(), self._engine.begin() as connection:
            connection.execute(fetched.values(acknowledged_at=now, body=None))
            row = connection.execute(select(items).where(this)).one_or_none()
        if row is None:
            return State.UNKNOWN
        if row.acknowledged_at is not None:
            return State.ACKNOWLEDGED
        return State.NEW if row.expired_at is None else State.EXPIRED

    def uncollected(self, party: str, before: datetime, limit: int) -> Sequence[Uncollected]:
        """A party's items that came before then, not acknowledged, and nobody was told of."""
        query = (
            select(*(items.c[name] for name in Uncollected._fields))
            .where(
                items.c.party == party,
                items.c.received_at < before,
                items.c.acknowledged_at.is_(None),
                items.c.noticed_at.is_(None),
            )
            .order_by(items.c.number)
            .limit(limit)
        )
        with answering(), self._engine.begin() as connection:
            return [Uncollected(*row) for row in connection.execute(query)]

    def noticed(self, told: Sequence[Uncollected], now: datetime) -> None:
        """Somebody was told of these: they are not handed out again."""
        with answering(), self._engine.begin() as connection:
            for one in told:
                this = _this(one.party, one.event_id)
                connection.execute(update(items).where(this).values(noticed_at=now))

    def expire(self, before: datetime, now: datetime) -> int:
        """Erase the content of what came before then and nobody acknowledged; says how many."""
        old = update(items).where(items.c.received_at < before, _OPEN)
        with answering(), self._engine.begin() as connection:
            return connection.execute(old.values(expired_at=now, body=None)).rowcount

    def forget(self, before: datetime) -> int:
        """Forget what was acknowledged or has expired before then; says how many."""
        over = or_(items.c.acknowledged_at < before, items.c.expired_at < before)
        with answering(), self._engine.begin() as connection:
            return connection.execute(delete(items).where(over)).rowcount

    def oldest(self) -> dict[str, tuple[int, datetime]]:
        """For each party how many items nobody has acknowledged, and since when the oldest."""
        query = (
            select(items.c.party, func.count(), func.min(items.c.received_at))
            .where(_OPEN)
            .group_by(items.c.party)
        )
        with answering(), self._engine.begin() as connection:
            return {party: (count, since) for party, count, since in connection.execute(query)}

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def readable(connection: Connection, subject: str) -> int:
    """How many items of this case still have a content, the notice of its erasure apart."""
    query = select(func.count()).where(
        items.c.subject == subject,
        items.c.body.is_not(None),
        items.c.type != SubjectErased.wire_type(),
    )
    unread = select(func.count()).where(faulty.c.record_key == subject.encode())
    return sum(int(connection.execute(one).scalar_one()) for one in (query, unread))


def _this(party: str, event_id: str) -> ColumnElement[bool]:
    return and_(items.c.party == party, items.c.event_id == event_id)
