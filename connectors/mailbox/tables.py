"""The tables: what lies in the mailboxes, what could not be read, and how far was read."""

from datetime import UTC, datetime

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
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
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


items = Table(
    "mailbox_items",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("party", String(32), nullable=False),
    Column("event_id", String(100), nullable=False),
    Column("type", String(80), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("time", Instant, nullable=False),
    Column("source", String(100), nullable=False),
    Column("sender", String(100)),
    Column("cause_id", String(100)),
    Column("body", LargeBinary),
    Column("received_at", Instant, nullable=False),
    Column("collected_at", Instant),
    Column("acknowledged_at", Instant),
    Column("expired_at", Instant),
    Column("noticed_at", Instant),
    UniqueConstraint("party", "event_id"),
    Index(None, "party", "acknowledged_at", "number"),
    Index(None, "received_at"),
    sqlite_autoincrement=True,  # a number is never used again: it is where a reader goes on
    comment="One row for each delivery; the body goes when it is acknowledged.",
)
faulty = Table(
    "mailbox_faulty",
    metadata,
    Column("party", String(32), primary_key=True),
    Column("topic", String(249), primary_key=True),
    Column("topic_partition", Integer, primary_key=True, autoincrement=False),
    Column("topic_offset", BigInteger, primary_key=True, autoincrement=False),
    Column("problems", Text, nullable=False),
    Column("record_key", LargeBinary),
    Column("record_value", LargeBinary),
    Column("record_headers", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    comment="One row for each record that could not be read, bytes untouched.",
)
positions = Table(
    "mailbox_positions",
    metadata,
    Column("party", String(32), primary_key=True),
    Column("topic", String(249), primary_key=True),
    Column("topic_partition", Integer, primary_key=True, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),
    comment="Where to go on reading; moves in the transaction of the rows.",
)
