"""The first table, and what keeps its rows from being changed or taken away."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None

_SQLITE = (
    """
    CREATE TRIGGER audit_is_kept BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END
    """,
    """
    CREATE TRIGGER audit_stays BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$
    """,
    """
    CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_kept()
    """,
    """
    CREATE TRIGGER audit_stays BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()
    """,
)


def upgrade() -> None:
    """Create them."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "audit",
        sa.Column("number", number, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(250), nullable=False),
        sa.Column("role", sa.String(250), nullable=False),
        sa.Column("party", sa.String(250), nullable=False),
        sa.Column("did", sa.String(250), nullable=False),
        sa.Column("about", sa.String(250), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        comment="One row for each act, bound to the row before by its digest; rows are only added.",
    )
    op.create_index("ix_audit_about_number", "audit", ["about", "number"])
    op.create_index("ix_audit_party_number", "audit", ["party", "number"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
