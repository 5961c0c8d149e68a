"""The tables: what was delivered, what was receipted, what could not be read, and how far."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)


class Instant(TypeDecorator[datetime]):
    """A point in time: kept in UTC, read as UTC, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC; a time without a zone is a fault of ours."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With its zone, which SQLite does not keep."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _place() -> list[Column[Any]]:
    return [
        Column("topic", String(249), nullable=False),
        Column("topic_partition", Integer, nullable=False),
        Column("topic_offset", BigInteger, nullable=False),
        Column("received_at", Instant, nullable=False),
    ]


def _event() -> list[Column[Any]]:
    return [
        Column("party", String(32), primary_key=True),
        Column("event_id", String(100), primary_key=True),
        Column("type", String(60), nullable=False),
        Column("version", Integer, nullable=False),
        Column("subject", String(64), nullable=False),
        Column("time", Instant, nullable=False),
        Column("correlation_id", String(100)),
        Column("causation_id", String(100)),
        Column("traceparent", String(60)),
        Column("data", JSON, nullable=False),
        Column("proof", JSON(none_as_null=True)),
    ]


inbox = Table(
    "inbox",
    metadata,
    *_event(),
    Column("sender", String(100)),
    Column("rule", String(60)),
    Column("purpose", String(40), nullable=False),
    Column("legal_basis", String(40), nullable=False),
    Column("classification", String(40), nullable=False),
    Column("recorded_at", Instant),
    *_place(),
    Index(None, "party", "subject"),
    Index(None, "party", "received_at"),
    comment="One row for each delivery.",
)
receipts = Table(
    "receipts",
    metadata,
    *_event(),
    Column("about_id", String(100)),
    *_place(),
    Index(None, "party", "subject"),
    Index(None, "party", "about_id"),
    comment="One row for each receipt: what became of an event this party sent.",
)
faulty = Table(
    "faulty",
    metadata,
    Column("party", String(32), primary_key=True),
    Column("topic", String(249), primary_key=True),
    Column("topic_partition", Integer, primary_key=True),
    Column("topic_offset", BigInteger, primary_key=True),
    Column("problems", Text, nullable=False),
    Column("record_key", LargeBinary),
    Column("record_value", LargeBinary),
    Column("record_headers", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    comment="One row for each record that could not be read, bytes untouched.",
)
positions = Table(
    "positions",
    metadata,
    Column("party", String(32), primary_key=True),
    Column("topic", String(249), primary_key=True),
    Column("topic_partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
    comment="Where to go on reading; moves in the transaction of the rows.",
)
