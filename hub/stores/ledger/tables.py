"""The tables: the ledger's lines, what was written because of them, and how far it was read."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

from connectors.backoffice.tables import Instant

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

ledger = Table(
    "ledger",
    metadata,
    Column("line_partition", Integer, primary_key=True),
    Column("line_offset", BigInteger, primary_key=True),
    Column("recorded_at", Instant, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("event_id", String(100)),
    Column("event_type", String(60)),
    Column("sender", String(32)),
    Column("source", String(100)),
    Column("sequence", BigInteger),
    Column("correlation_id", String(100)),
    Column("causation_id", String(100)),
    Column("sent_at", Instant),
    Column("received_at", Instant, nullable=False),
    Column("topic", String(249), nullable=False),
    Column("topic_partition", Integer, nullable=False),
    Column("topic_offset", BigInteger, nullable=False),
    Column("problems", Text, nullable=False),
    Column("status", String(40)),
    Column("reason", String(40)),
    Column("outcome", String(40)),
    Column("service", String(40)),
    Column("offer_id", String(64)),
    Column("owner", String(32)),
    Column("due_at", Instant),
    Column("appointment_at", Instant),
    Column("first_received_at", Instant),
    Column("first_received_by", String(32)),
    Column("handover", String(20)),
    Index(None, "subject", "line_partition", "line_offset"),
    Index(None, "event_id"),
    Index(None, "event_type", "sent_at"),
    Index(None, "verdict", "received_at"),
    Index(None, "sender", "received_at"),
    comment="One row for each record that came in: what the hub did with it.",
)
written = Table(
    "written",
    metadata,
    Column("line_partition", Integer, primary_key=True),
    Column("line_offset", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("party", String(32), nullable=False),
    Column("event_id", String(100), nullable=False),
    Column("event_type", String(60), nullable=False),
    Column("rule", String(60)),
    Column("received_at", Instant, nullable=False),
    Index(None, "event_id"),
    Index(None, "party", "received_at"),
    comment="One row for each copy, receipt and notice written to a party.",
)
positions = Table(
    "ledger_positions",
    metadata,
    Column("topic", String(249), primary_key=True),
    Column("topic_partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
    comment="Where to go on reading; moves in the transaction of the rows.",
)
