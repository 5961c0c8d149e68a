"""The first tables: ledger, written, ledger_positions."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Create them."""
    _create_ledger()
    _create_written()
    op.create_table(
        "ledger_positions",
        sa.Column("topic", sa.String(249), nullable=False),
        sa.Column("topic_partition", sa.Integer, nullable=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("topic", "topic_partition", name="pk_ledger_positions"),
        comment="Where to go on reading; moves in the transaction of the rows.",
    )


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("line_partition", sa.Integer, nullable=False),
        sa.Column("line_offset", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(100)),
        sa.Column("event_type", sa.String(60)),
        sa.Column("sender", sa.String(32)),
        sa.Column("source", sa.String(100)),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("correlation_id", sa.String(100)),
        sa.Column("causation_id", sa.String(100)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(249), nullable=False),
        sa.Column("topic_partition", sa.Integer, nullable=False),
        sa.Column("topic_offset", sa.BigInteger, nullable=False),
        sa.Column("problems", sa.Text, nullable=False),
        sa.Column("status", sa.String(40)),
        sa.Column("reason", sa.String(40)),
        sa.Column("outcome", sa.String(40)),
        sa.Column("service", sa.String(40)),
        sa.Column("offer_id", sa.String(64)),
        sa.Column("owner", sa.String(32)),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("appointment_at", sa.DateTime(timezone=True)),
        sa.Column("first_received_at", sa.DateTime(timezone=True)),
        sa.Column("first_received_by", sa.String(32)),
        sa.Column("handover", sa.String(20)),
        sa.PrimaryKeyConstraint("line_partition", "line_offset", name="pk_ledger"),
        comment="One row for each record that came in: what the hub did with it.",
    )
    for columns in (
        ["subject", "line_partition", "line_offset"],
        ["event_id"],
        ["event_type", "sent_at"],
        ["verdict", "received_at"],
        ["sender", "received_at"],
    ):
        op.create_index(f"ix_ledger_{'_'.join(columns)}", "ledger", columns)


def _create_written() -> None:
    op.create_table(
        "written",
        sa.Column("line_partition", sa.Integer, nullable=False),
        sa.Column("line_offset", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("party", sa.String(32), nullable=False),
        sa.Column("event_id", sa.String(100), nullable=False),
        sa.Column("event_type", sa.String(60), nullable=False),
        sa.Column("rule", sa.String(60)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("line_partition", "line_offset", "number", name="pk_written"),
        comment="One row for each copy, receipt and notice written to a party.",
    )
    op.create_index("ix_written_event_id", "written", ["event_id"])
    op.create_index("ix_written_party_received_at", "written", ["party", "received_at"])
