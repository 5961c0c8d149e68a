"""When the hub had an event: `inbox.recorded_at`; of deliveries kept before it is not known."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Add it."""
    op.add_column("inbox", sa.Column("recorded_at", sa.DateTime(timezone=True)))
