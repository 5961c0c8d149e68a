"""Writes a row into an outbox as the party's own system does, and takes it away again."""

from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import FromClause, cast, column, delete, insert, inspect, select, table
from sqlalchemy import Text as AsText
from sqlalchemy.exc import NoSuchTableError

from connectors.errors import Broken, Later
from connectors.sql.database import RETRY_AFTER_S
from connectors.sql_outbox.database import answering, open_database
from connectors.sql_outbox.options import ATTRIBUTES, Options
from schemas.data import Data
from schemas.envelope import Event

TYPED: Final = ("id", "aggregatetype", "aggregateid", "type", "payload", *ATTRIBUTES)
"""The columns that whoever writes a row fills, where the table has them."""


class OutboxWriter:
    """One party's outbox, seen from the side of its own system."""

    def __init__(self, options: Options) -> None:
        """Look at the table with the first row; raises ValueError without a database."""
        if options.database is None:
            raise ValueError("an outbox needs a database")
        self._options = options
        self._engine = open_database(options.database.get_secret_value())
        self._columns: frozenset[str] = frozenset()

    def write(self, event: Event[Data]) -> None:
        """The row is there; raises Later and Broken, also where a column is missing for it."""
        named = self._options.column
        said = _said(event)
        with answering():
            columns = self._look()
            row = {named(role): said[role] for role in TYPED if named(role) in columns}
            missing = {named(role) for role in said if said[role] is not None} - row.keys()
            missing -= {named(role) for role in ("aggregatetype", *self._options.constants)}
            if missing:
                raise Broken(f"The outbox has no column {', '.join(sorted(missing))}.")
            with self._engine.begin() as connection:
                connection.execute(insert(self._table(*row)).values(row))

    def refused(self, event: Event[Data]) -> str:
        """Why the door has refused the row; empty: it has not. Raises Later and Broken."""
        outbox = self._table(*map(self._options.column, ("id", "problems")))
        problems = outbox.c[self._options.column("problems")]
        with answering(), self._engine.connect() as connection:
            found = connection.execute(select(problems).where(self._is(outbox, event))).scalar()
        return str(found or "")

    def delete(self, event: Event[Data]) -> None:
        """The row is gone, whatever has become of it; raises Later and Broken."""
        outbox = self._table(self._options.column("id"))
        with answering(), self._engine.begin() as connection:
            connection.execute(delete(outbox).where(self._is(outbox, event)))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _look(self) -> frozenset[str]:
        options = self._options
        if not self._columns:
            try:
                found = inspect(self._engine).get_columns(options.table, schema=options.db_schema)
            except NoSuchTableError:
                raise Later(RETRY_AFTER_S, f"there is no table {options.table}") from None
            self._columns = frozenset(one["name"] for one in found)
        return self._columns

    def _table(self, *names: str) -> Any:  # noqa: ANN401 - a table of whatever columns
        return table(self._options.table, *map(column, names), schema=self._options.db_schema)

    def _is(self, outbox: FromClause, event: Event[Data]) -> Any:  # noqa: ANN401 - a comparison
        return cast(outbox.c[self._options.column("id")], AsText) == event.context.id


def _said(event: Event[Data]) -> dict[str, str | None]:
    """What the row says, by the meaning of its columns."""
    context = event.context
    said = context.model_dump(mode="json", include=set[str](ATTRIBUTES))
    return {
        **{name: None if said.get(name) is None else str(said[name]) for name in ATTRIBUTES},
        "id": context.id,
        "aggregatetype": event.data.TYPE,
        "aggregateid": context.subject,
        "type": context.type,
        "payload": to_json(event.data.model_dump(mode="json", exclude_none=True)).decode(),
    }
