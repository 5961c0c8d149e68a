"""What signature and seal are checked with: `inbox.proof`, `receipts.proof`."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Add them."""
    for table in ("inbox", "receipts"):
        op.add_column(table, sa.Column("proof", sa.JSON()))
