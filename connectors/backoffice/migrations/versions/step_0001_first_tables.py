"""The first tables: inbox, receipts, faulty, positions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Create them."""
    _create_events("inbox", *_delivery(), comment="One row for each delivery.")
    _create_events(
        "receipts",
        sa.Column("about_id", sa.String(100)),
        comment="One row for each receipt: what became of an event this party sent.",
    )
    for table, column in (
        ("inbox", "subject"),
        ("inbox", "received_at"),
        ("receipts", "subject"),
        ("receipts", "about_id"),
    ):
        op.create_index(f"ix_{table}_party_{column}", table, ["party", column])
    op.create_table(
        "faulty",
        sa.Column("party", sa.String(32), nullable=False),
        *_place(),
        sa.Column("problems", sa.Text, nullable=False),
        sa.Column("record_key", sa.LargeBinary),
        sa.Column("record_value", sa.LargeBinary),
        sa.Column("record_headers", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint(
            "party", "topic", "topic_partition", "topic_offset", name="pk_faulty"
        ),
        comment="One row for each record that could not be read, bytes untouched.",
    )
    op.create_table(
        "positions",
        sa.Column("party", sa.String(32), nullable=False),
        sa.Column("topic", sa.String(249), nullable=False),
        sa.Column("topic_partition", sa.Integer, nullable=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("party", "topic", "topic_partition", name="pk_positions"),
        comment="Where to go on reading; moves in the transaction of the rows.",
    )


def _create_events(name: str, *own: sa.Column[Any], comment: str) -> None:
    op.create_table(
        name,
        sa.Column("party", sa.String(32), nullable=False),
        sa.Column("event_id", sa.String(100), nullable=False),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correlation_id", sa.String(100)),
        sa.Column("causation_id", sa.String(100)),
        sa.Column("traceparent", sa.String(60)),
        sa.Column("data", sa.JSON, nullable=False),
        *own,
        *_place(),
        sa.PrimaryKeyConstraint("party", "event_id", name=f"pk_{name}"),
        comment=comment,
    )


def _delivery() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("sender", sa.String(100)),
        sa.Column("rule", sa.String(60)),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("legal_basis", sa.String(40), nullable=False),
        sa.Column("classification", sa.String(40), nullable=False),
    )


def _place() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("topic", sa.String(249), nullable=False),
        sa.Column("topic_partition", sa.Integer, nullable=False),
        sa.Column("topic_offset", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
