"""The outbox table with the names it has in this database, and what is asked of it in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    String,
    TableClause,
    Text,
    UpdateBase,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    select,
    table,
    update,
)

from connectors.sql_outbox.mapping import Row
from connectors.sql_outbox.options import ATTRIBUTES, NEEDED, PUBLISHED_AT, Options
from schemas.topics import MAX_EVENT_BYTES

PAYLOAD_SIZE = "payload_size"
KEY, WHY = "of_key", "of_why"
"""Parameters; a column of the table should hardly be called so."""


class Statements:
    """All statements; none is run here."""

    def __init__(self, options: Options, columns: frozenset[str]) -> None:
        """Use those attributes that are among the table's `columns`."""
        self._options = options
        self._read: list[str] = ["id", "aggregateid", "type"]
        self._read += [role for role in ATTRIBUTES if options.column(role) in columns]
        self._marks = options.after == "mark"

    @staticmethod
    def lacking(options: Options, columns: frozenset[str]) -> list[str]:
        """The columns the table would need and does not have."""
        needed = [*NEEDED, PUBLISHED_AT] if options.after == "mark" else NEEDED
        return [name for name in map(options.column, needed) if name not in columns]

    def waiting(self, limit: int) -> Select[Any]:
        """Key and case of the rows that wait longest, in the order in which they were written."""
        outbox = self._table()
        of = self._names(outbox)
        return (
            select(of("id"), of("aggregateid"))
            .where(self._waits(outbox))
            .order_by(of("number"), of("id"))
            .limit(limit)
        )

    def hold(self, keys: Sequence[object]) -> Select[Any]:
        """Hold those of these rows that still wait and that nobody else holds."""
        outbox = self._table()
        of = self._names(outbox)
        return (
            select(of("id"))
            .where(of("id").in_(keys), self._waits(outbox))
            .order_by(of("number"), of("id"))
            .with_for_update(skip_locked=True)
        )

    def rows(self, keys: Sequence[object]) -> Select[Any]:
        """These rows in their order; a payload only up to the size that an event may have."""
        outbox = self._table()
        of = self._names(outbox)
        payload = cast(of("payload"), Text)
        size = func.length(payload)
        return (
            select(
                of("id").label("key"),
                *(cast(of(role), Text).label(role) for role in self._read),
                size.label(PAYLOAD_SIZE),
                case((size <= MAX_EVENT_BYTES, payload)).label("payload"),
            )
            .where(of("id").in_(keys), self._waits(outbox))
            .order_by(of("number"), of("id"))
        )

    def row(self, found: Mapping[str, Any]) -> Row:
        """What `rows` found, by the meaning of its columns."""
        said = {role: found[role] for role in (*self._read, "payload")}
        size = found[PAYLOAD_SIZE]
        return Row(found["key"], said, too_large=size is not None and size > MAX_EVENT_BYTES)

    def published(self, keys: Sequence[object], now: datetime) -> UpdateBase:
        """Kafka has these rows."""
        outbox = self._table()
        of = self._names(outbox)
        these = of("id").in_(keys)
        if not self._marks:
            return delete(outbox).where(these)
        published_at = self._options.column(PUBLISHED_AT)
        return update(outbox).where(these, self._waits(outbox)).values({published_at: now})

    def refused(self, now: datetime) -> UpdateBase:
        """The row under `KEY` is no event, for the reasons `WHY`; to be run for each of them."""
        outbox = self._table()
        of = self._names(outbox)
        marks = {
            self._options.column("refused_at"): now,
            self._options.column("problems"): bindparam(WHY),
        }
        return update(outbox).where(of("id") == bindparam(KEY), self._waits(outbox)).values(marks)

    def _waits(self, outbox: FromClause) -> ColumnElement[bool]:
        of = self._names(outbox)
        waits = of("refused_at").is_(None)
        return and_(waits, of(PUBLISHED_AT).is_(None)) if self._marks else waits

    def _table(self) -> TableClause:
        options = self._options
        named = options.column
        plain = [*self._read, "payload", "number"]
        return table(
            options.table,
            *(column(named(role)) for role in plain),
            column(named("problems"), String),
            column(named("refused_at"), DateTime(timezone=True)),
            *([column(named(PUBLISHED_AT), DateTime(timezone=True))] if self._marks else []),
            schema=options.db_schema,
        )

    def _names(self, outbox: FromClause) -> Any:  # noqa: ANN401 - a column of whatever type
        return lambda role: outbox.c[self._options.column(role)]
