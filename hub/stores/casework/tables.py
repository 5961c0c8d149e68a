"""The tables: the case files, what clerks did, whose desk it is, and what waits to be sent."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.dialects import postgresql

from connectors.backoffice.tables import Instant

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

desk = Table(
    "desk",
    metadata,
    Column("party", String(32), primary_key=True),
    Column("changes", BigInteger, nullable=False),
    comment="One row: whose desk it is, and the number of the last change that matters.",
)
case_files = Table(
    "case_files",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("is_ours", Boolean, nullable=False),
    Column("other", String(32)),
    Column("status", String(40)),
    Column("service", String(40)),
    Column("urgency", String(20)),
    Column("wished_place", String(20)),
    Column("ags", String(8)),
    Column("due_at", Instant),
    Column("appointment_at", Instant),
    Column("appointment_place", String(20)),
    Column("cancellation_requested", Boolean, nullable=False),
    Column("to_enter", Boolean, nullable=False),
    Column("handover", String(20)),
    Column("seen_at", Instant),
    Column("assigned_to", String(64)),
    Column("said", String(40)),
    Column("sending", String(20), nullable=False),
    Column("problem", String(60)),
    Column("is_over", Boolean, nullable=False),
    Column("course", Text, nullable=False),
    Column("is_erased", Boolean, nullable=False, server_default=false()),
    Index(None, "is_over"),
    comment="One row for each case of this desk, as a clerk sees it.",
)
acts = Table(
    "acts",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("case_id", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("clerk", String(64), nullable=False),
    Column("what", String(20), nullable=False),
    Column("event_id", String(36)),
    Index(None, "case_id"),
    comment="One row for each thing a clerk did, opening a case included; nothing is changed.",
)

EVENT_ID: Final = String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
outbox = Table(
    "outbox",
    MetaData(),  # made as `connectors.sql_outbox` wants it
    Column("id", EVENT_ID, primary_key=True),
    Column("aggregatetype", String),
    Column("aggregateid", String),
    Column("type", String),
    Column("payload", JSON().with_variant(postgresql.JSONB(), "postgresql")),
    Column("source", String),
    Column("time", Instant),
    Column("purpose", String),
    Column("legalbasis", String),
    Column("dataclassification", String),
    Column("correlationid", String),
    Column("causationid", String),
    Column("recipient", String),
    Column("traceparent", String),
    Column("number", BigInteger),
    Column("published_at", Instant),
    Column("refused_at", Instant),
    Column("problems", Text),
)
