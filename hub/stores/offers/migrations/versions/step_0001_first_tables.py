"""The first tables: offers, areas, languages, positions."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "directory_offers",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("offer_id", sa.String(64), nullable=False),
        sa.Column("publisher", sa.String(32), nullable=False),
        sa.Column("feed", sa.String(32), nullable=False),
        sa.Column("organization_id", sa.String(36), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("service", sa.String(40)),
        sa.Column("assured_on", sa.Date, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("remembered", sa.Text, nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_offers"),
        comment="One row for each public support offer, as it stands now.",
    )
    for column in ("offer_id", "changed_at"):
        op.create_index(f"ix_directory_offers_{column}", "directory_offers", [column])
    _create_found_by("areas", "area", 8)
    _create_found_by("languages", "language", 3)
    op.create_table(
        "directory_positions",
        sa.Column("party", sa.String(32), nullable=False),
        sa.Column("topic", sa.String(249), nullable=False),
        sa.Column("topic_partition", sa.Integer, nullable=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("party", "topic", "topic_partition", name="pk_directory_positions"),
        comment="Where to go on reading; moves in the transaction of the rows.",
    )


def _create_found_by(name: str, column: str, length: int) -> None:
    table = f"directory_{name}"
    op.create_table(
        table,
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column(column, sa.String(length), nullable=False),
        sa.PrimaryKeyConstraint("id", column, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["id"], ["directory_offers.id"], name=f"fk_{table}_id", ondelete="CASCADE"
        ),
        comment=f"The {name} of each offer.",
    )
    op.create_index(f"ix_{table}_{column}", table, [column])
