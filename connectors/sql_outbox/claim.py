"""Takes rows out of the outbox so that no case is overtaken, and marks what became of them."""

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

from connectors.errors import Later
from connectors.sql.database import RETRY_AFTER_S
from connectors.sql_outbox.database import SKIPS_LOCKED, answering
from connectors.sql_outbox.mapping import Row
from connectors.sql_outbox.options import Options
from connectors.sql_outbox.statements import KEY, WHY, Statements

LOOK_AHEAD = 10
"""How many batches are looked through for cases that nobody else is at."""


class Claim:
    """Rows in the order of their cases, each case from its first waiting row on.

    Where the database can, nobody else gets them until they are settled or let go; that only
    spares work. The order needs no lock: whoever reads a case begins at the first row that Kafka
    was not seen to have, so that the first copies on the topic are in order whoever publishes.
    """

    def __init__(
        self, outbox: "Outbox", rows: Sequence[Row], holding: Connection | None = None
    ) -> None:
        """`holding` is the transaction that holds the rows."""
        self.rows = rows
        self._outbox = outbox
        self._holding = holding

    def settle(
        self, published: Sequence[object], refused: Mapping[object, str], now: datetime
    ) -> None:
        """Mark these rows for good; raises Later, and may then be called again."""
        holding, self._holding = self._holding, None
        with answering():
            if holding is None:
                with self._outbox.engine.begin() as connection:
                    self._outbox.mark(connection, published, refused, now)
                return
            with closing(holding):
                self._outbox.mark(holding, published, refused, now)
                holding.commit()

    def let_go(self) -> None:
        """Leave the rows as they are, for whoever comes next."""
        holding, self._holding = self._holding, None
        if holding is not None:
            with suppress(SQLAlchemyError):
                holding.close()


class Outbox:
    """The outbox table of one database."""

    def __init__(self, engine: Engine, options: Options) -> None:
        """Look at the table at the first claim."""
        self.engine = engine
        self._options = options
        self._statements: Statements | None = None

    def claim(self, limit: int) -> Claim:
        """Up to `limit` waiting rows; raises Later when database or table are not there."""
        with answering():
            statements = self._statements = self._statements or self._look()
            connection = self.engine.connect()
            try:
                rows = _rows(connection, statements, limit)
            except BaseException:
                connection.close()
                raise
            if rows and connection.dialect.name in SKIPS_LOCKED:
                return Claim(self, rows, connection)
            connection.close()
            return Claim(self, rows)

    def first(self) -> object | None:
        """The key of the row that waits longest, which stays free; raises Later like `claim`."""
        with answering():
            statements = self._statements = self._statements or self._look()
            with self.engine.connect() as connection:
                key: object | None = connection.scalar(statements.waiting(1))
                return key

    def mark(
        self,
        connection: Connection,
        published: Sequence[object],
        refused: Mapping[object, str],
        now: datetime,
    ) -> None:
        """Write into the rows what became of them."""
        if self._statements is None:
            raise RuntimeError("nothing was claimed yet")
        at = now.astimezone(UTC)
        if published:
            connection.execute(self._statements.published(published, at))
        if refused:
            said = [{KEY: key, WHY: why} for key, why in refused.items()]
            connection.execute(self._statements.refused(at), said)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _look(self) -> Statements:
        """The statements for the table as it is; raises Later while it is not as it must be."""
        options = self._options
        try:
            found = inspect(self.engine).get_columns(options.table, options.db_schema)
        except NoSuchTableError:
            raise Later(RETRY_AFTER_S, f"there is no table {options.table}") from None
        columns = frozenset(str(one["name"]) for one in found)
        if lacking := Statements.lacking(options, columns):
            why = f"the table {options.table} lacks {', '.join(lacking)}"
            raise Later(RETRY_AFTER_S, why)
        return Statements(options, columns)


def _rows(connection: Connection, statements: Statements, limit: int) -> list[Row]:
    """Up to `limit` rows of cases that nobody else is at, each case from its first row on."""
    skips = connection.dialect.name in SKIPS_LOCKED
    waiting = connection.execute(statements.waiting(limit * LOOK_AHEAD if skips else limit)).all()
    keys = [key for key, _ in waiting]
    if skips:
        keys = _held(connection, statements, [(key, case) for key, case in waiting], limit)
    if not keys:
        return []
    found = connection.execute(statements.rows(keys[:limit])).mappings()
    return [statements.row(dict(one)) for one in found]


def _held(
    connection: Connection,
    statements: Statements,
    waiting: Sequence[tuple[object, object]],
    limit: int,
) -> list[object]:
    """The rows of those cases whose first row could be held, no more cases than are needed.

    Who holds the first waiting row of a case is the only one who goes on with it.
    """
    rest = [(key, ("alone", key) if case is None else case) for key, case in waiting]
    order = [key for key, _ in rest]
    ours: set[object] = set()
    while rest and len(ours) < limit:
        first: dict[object, object] = {}
        for key, case in rest[: limit - len(ours)]:
            first.setdefault(case, key)
        free = set(connection.scalars(statements.hold(list(first.values()))))
        ours |= {key for key, case in rest if first.get(case) in free}
        rest = [(key, case) for key, case in rest if case not in first]
    return [key for key in order if key in ours]
