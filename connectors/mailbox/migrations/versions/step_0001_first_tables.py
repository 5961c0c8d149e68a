"""The first tables: items, faulty, positions."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "mailbox_items",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("party", sa.String(32), nullable=False),
        sa.Column("event_id", sa.String(100), nullable=False),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("time", WHEN, nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("sender", sa.String(100)),
        sa.Column("cause_id", sa.String(100)),
        sa.Column("body", sa.LargeBinary),
        sa.Column("received_at", WHEN, nullable=False),
        sa.Column("collected_at", WHEN),
        sa.Column("acknowledged_at", WHEN),
        sa.Column("expired_at", WHEN),
        sa.Column("noticed_at", WHEN),
        sa.PrimaryKeyConstraint("number", name="pk_mailbox_items"),
        sa.UniqueConstraint("party", "event_id", name="uq_mailbox_items_party_event_id"),
        sqlite_autoincrement=True,
        comment="One row for each delivery; the body goes when it is acknowledged.",
    )
    op.create_index(
        "ix_mailbox_items_party_acknowledged_at_number",
        "mailbox_items",
        ["party", "acknowledged_at", "number"],
    )
    op.create_index("ix_mailbox_items_received_at", "mailbox_items", ["received_at"])
    op.create_table(
        "mailbox_faulty",
        *_place(),
        sa.Column("topic_offset", sa.BigInteger, nullable=False),
        sa.Column("problems", sa.Text, nullable=False),
        sa.Column("record_key", sa.LargeBinary),
        sa.Column("record_value", sa.LargeBinary),
        sa.Column("record_headers", sa.JSON, nullable=False),
        sa.Column("received_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint(
            "party", "topic", "topic_partition", "topic_offset", name="pk_mailbox_faulty"
        ),
        comment="One row for each record that could not be read, bytes untouched.",
    )
    op.create_table(
        "mailbox_positions",
        *_place(),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("party", "topic", "topic_partition", name="pk_mailbox_positions"),
        comment="Where to go on reading; moves in the transaction of the rows.",
    )


def _place() -> tuple[sa.Column[str], sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("party", sa.String(32), nullable=False),
        sa.Column("topic", sa.String(249), nullable=False),
        sa.Column("topic_partition", sa.Integer, nullable=False),
    )
