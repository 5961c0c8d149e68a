"""Makes a database one party's desk, or finds that it is already, or another's."""

from datetime import datetime

from sqlalchemy import Connection, insert, inspect, select

from connectors.sql.database import answering, open_database
from hub.casework.progress import Here
from hub.errors import ConfigError
from hub.stores.casework.tables import desk
from hub.stores.casework.taking import take_all


class AnothersDesk(ConfigError):
    """The database is the desk of another party."""


def begin(url: str, here: Here, now: datetime) -> None:
    """From now on the database is this party's desk; its tables are there already.

    What was delivered before into inbox tables of the same database becomes case files. Raises
    AnothersDesk, and Later when the database is away.
    """
    engine = open_database(url)
    try:
        with answering(), engine.begin() as connection:
            _begin(connection, here, now)
    finally:
        engine.dispose()


def whose(url: str) -> str | None:
    """Whose desk the database is; None: nobody's. Raises Later when it is away."""
    engine = open_database(url)
    try:
        with answering(), engine.begin() as connection:
            if not inspect(connection).has_table(desk.name):
                return None
            return connection.execute(select(desk.c.party)).scalar_one_or_none()
    finally:
        engine.dispose()


def _begin(connection: Connection, here: Here, now: datetime) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.exec_driver_sql("LOCK TABLE desk IN EXCLUSIVE MODE")
    whose = connection.execute(select(desk.c.party)).scalar_one_or_none()
    if whose is None:
        connection.execute(insert(desk).values(party=here.party, changes=0))
        take_all(connection, here, now)
    elif whose != here.party:
        remedy = "Give each party a database of its own."
        raise AnothersDesk(f"It is the desk of {whose}.", where="web.database", remedy=remedy)
