"""Cases that are over note whether their content was erased."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Nothing is erased yet."""
    erased = sa.Column("is_erased", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("case_files", erased)
