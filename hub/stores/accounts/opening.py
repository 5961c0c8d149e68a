"""Opens the accounts of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from secrets import token_bytes

from sqlalchemy import Engine, select

from connectors.sql.database import answering, insert_or_ignore, open_database
from hub.access.keeping import Beside, Kept
from hub.stores.accounts.accounts import SqlAccounts
from hub.stores.accounts.attempts import SqlAttempts
from hub.stores.accounts.flows import SqlFlows
from hub.stores.accounts.noting import Noting
from hub.stores.accounts.record import SqlRecord
from hub.stores.accounts.sessions import SqlSessions
from hub.stores.accounts.tables import keys
from hub.stores.accounts.tidy import tidy
from hub.stores.offers.reading import open_for_reading

KEY = "key"


@contextmanager
def opened(url: str, beside: Beside | None = None) -> Iterator[Kept]:
    """What is kept in this database, whose tables are there; raises Later when it is away.

    `beside` is told each line of the record before it counts.
    """
    noting = Noting(beside)
    engine, reader = open_database(url), open_for_reading(url)
    try:
        yield Kept(
            accounts=SqlAccounts(engine, reader, noting),
            sessions=SqlSessions(engine, reader, noting),
            attempts=SqlAttempts(engine),
            flows=SqlFlows(engine),
            record=SqlRecord(engine, reader, noting),
            key=_key(engine),
            tidy=partial(tidy, engine),
        )
    finally:
        reader.dispose()
        engine.dispose()


def _key(engine: Engine) -> bytes:
    """The key of this database, made by whoever asks first."""
    query = select(keys.c.value).where(keys.c.name == KEY)
    with answering(), engine.begin() as connection:
        new = {"name": KEY, "value": token_bytes(32)}
        connection.execute(insert_or_ignore(connection, keys), new)
        value: bytes = connection.execute(query).scalar_one()
    return value
