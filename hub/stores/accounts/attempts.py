"""How often signing in failed, and which forms were used up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select, update

from connectors.sql.database import answering, insert_or_ignore
from hub.access.pauses import Failures, Patience, one_more, wait
from hub.stores.accounts.tables import failures, marks


class SqlAttempts:
    """`hub.access.keeping.Attempts` in a database."""

    def __init__(self, engine: Engine) -> None:
        """Count through `engine`."""
        self._engine = engine

    def begin(self, counted: Mapping[str, Patience], now: datetime) -> timedelta:
        """Count a failure for each key and return zero; or, if one must wait, how long."""
        with answering(), self._engine.begin() as connection:
            known = {key: _locked(connection, key, now) for key in sorted(counted)}
            pause = max(wait(known[key], patience, now) for key, patience in counted.items())
            if not pause:
                for key, patience in counted.items():
                    _keep(connection, key, one_more(known[key], patience, now))
        return pause

    def succeed(self, forgotten: Sequence[str], taken_back: Sequence[str]) -> None:
        """It was none: all failures of these keys are forgotten, of those the one counted."""
        one_less = update(failures).where(failures.c.key.in_(taken_back), failures.c.count > 0)
        with answering(), self._engine.begin() as connection:
            connection.execute(delete(failures).where(failures.c.key.in_(forgotten)))
            connection.execute(one_less.values(count=failures.c.count - 1))

    def spend(self, mark: str, now: datetime) -> bool:
        """Whether this mark of a form was not used before; from now on it is."""
        with answering(), self._engine.begin() as connection:
            new = insert_or_ignore(connection, marks).values(mark=mark, spent_at=now)
            return connection.execute(new.returning(marks.c.mark)).first() is not None


def _locked(connection: Connection, key: str, now: datetime) -> Failures | None:
    """What is counted for the key; nobody else counts it until this transaction ends."""
    new = {"key": key, "count": 0, "last_at": now}
    connection.execute(insert_or_ignore(connection, failures), new)
    query = select(failures.c.count, failures.c.last_at).where(failures.c.key == key)
    count, last_at = connection.execute(query.with_for_update()).one()
    return Failures(count, last_at) if count else None


def _keep(connection: Connection, key: str, counted: Failures) -> None:
    row = update(failures).where(failures.c.key == key)
    connection.execute(row.values(count=counted.number, last_at=counted.last_at))
