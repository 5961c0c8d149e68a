"""The first tables: desk, case_files, acts, outbox."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None

OUTBOX = {
    "postgresql": """\
CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    aggregatetype varchar(255) NOT NULL,
    aggregateid varchar(255) NOT NULL,
    type varchar(255) NOT NULL,
    payload jsonb NOT NULL,
    source varchar(255),
    time timestamptz NOT NULL DEFAULT now(),
    purpose varchar(40),
    legalbasis varchar(40),
    dataclassification varchar(40),
    correlationid varchar(100),
    causationid varchar(100),
    recipient varchar(32),
    traceparent varchar(60),
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    published_at timestamptz,
    refused_at timestamptz,
    problems text
)""",
    "sqlite": """\
CREATE TABLE outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    aggregatetype TEXT NOT NULL,
    aggregateid TEXT NOT NULL,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    source TEXT,
    time TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    purpose TEXT,
    legalbasis TEXT,
    dataclassification TEXT,
    correlationid TEXT,
    causationid TEXT,
    recipient TEXT,
    traceparent TEXT,
    published_at TEXT,
    refused_at TEXT,
    problems TEXT
)""",
}
"""As `connectors.sql_outbox.ddl` made it at this step; a test compares it with today's."""


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "desk",
        sa.Column("party", sa.String(32), nullable=False),
        sa.Column("changes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("party", name="pk_desk"),
        comment="One row: whose desk it is, and the number of the last change that matters.",
    )
    _create_case_files()
    _create_acts()
    connection = op.get_bind()
    connection.exec_driver_sql(OUTBOX[connection.dialect.name])
    waits = sa.text("published_at IS NULL AND refused_at IS NULL")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["number"],
        postgresql_where=waits,
        sqlite_where=waits,
    )
    op.create_index("ix_outbox_aggregateid", "outbox", ["aggregateid"])


def _create_case_files() -> None:
    op.create_table(
        "case_files",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_ours", sa.Boolean, nullable=False),
        sa.Column("other", sa.String(32)),
        sa.Column("status", sa.String(40)),
        sa.Column("service", sa.String(40)),
        sa.Column("urgency", sa.String(20)),
        sa.Column("wished_place", sa.String(20)),
        sa.Column("ags", sa.String(8)),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("appointment_at", sa.DateTime(timezone=True)),
        sa.Column("appointment_place", sa.String(20)),
        sa.Column("cancellation_requested", sa.Boolean, nullable=False),
        sa.Column("to_enter", sa.Boolean, nullable=False),
        sa.Column("handover", sa.String(20)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("assigned_to", sa.String(64)),
        sa.Column("said", sa.String(40)),
        sa.Column("sending", sa.String(20), nullable=False),
        sa.Column("problem", sa.String(60)),
        sa.Column("is_over", sa.Boolean, nullable=False),
        sa.Column("course", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_files"),
        comment="One row for each case of this desk, as a clerk sees it.",
    )
    op.create_index("ix_case_files_is_over", "case_files", ["is_over"])


def _create_acts() -> None:
    op.create_table(
        "acts",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clerk", sa.String(64), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("event_id", sa.String(36)),
        sa.PrimaryKeyConstraint("number", name="pk_acts"),
        comment="One row for each thing a clerk did, opening a case included; nothing is changed.",
    )
    op.create_index("ix_acts_case_id", "acts", ["case_id"])
