"""Keeps what a party said by another system: the desk then knows its cases as if said here."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from connectors.sql.database import answering, open_database
from hub.stores.casework import said
from schemas.data import Data
from schemas.envelope import Event


class Earlier(NamedTuple):
    """Something that this party has said already, by whichever system."""

    event: Event[Data]
    at: datetime
    """When it lay on the hub's topic."""


def remember(url: str, earlier: Iterable[Earlier]) -> None:
    """Keep these as sent, before their receipts are delivered to the desk.

    By its receipt alone a desk knows of another system's request whom it went to, and of a step
    nothing. With this it knows both, and what the hub has refused of them. Of events with the
    same id the first counts. On PostgreSQL, whose outbox is keyed so, an id must be a UUID.
    Raises Later when the database is away.
    """
    engine = open_database(url)
    try:
        with answering(), engine.begin() as connection:
            for event, at in earlier:
                if said.found(connection, event.context.id) is None:
                    said.put(connection, event, published_at=at)
    finally:
        engine.dispose()
