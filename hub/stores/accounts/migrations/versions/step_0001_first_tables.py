"""The first tables, and what keeps the record from being changed."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None

_SQLITE = (
    """
    CREATE TRIGGER account_record_is_kept BEFORE UPDATE ON account_record
    BEGIN SELECT RAISE(ABORT, 'the record is only added to'); END
    """,
    """
    CREATE TRIGGER account_record_stays BEFORE DELETE ON account_record
    WHEN OLD.at > datetime('now', '-400 days')
    BEGIN SELECT RAISE(ABORT, 'the record is kept for 400 days'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION account_record_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '400 days' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'the record is only added to, and kept for 400 days';
    END $$
    """,
    """
    CREATE TRIGGER account_record_is_kept BEFORE UPDATE OR DELETE ON account_record
    FOR EACH ROW EXECUTE FUNCTION account_record_is_kept()
    """,
    """
    CREATE TRIGGER account_record_stays BEFORE TRUNCATE ON account_record
    FOR EACH STATEMENT EXECUTE FUNCTION account_record_is_kept()
    """,
)


def upgrade() -> None:
    """Create them."""
    _create_accounts()
    _create_what_passes()
    _create_record()
    statements = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements:
        op.execute(statement)


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("sign_in_name", sa.String(64)),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("issuer", sa.String(255)),
        sa.Column("subject", sa.String(255)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True)),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("sign_in_name", name="uq_accounts_sign_in_name"),
        sa.UniqueConstraint("issuer", "subject", name="uq_accounts_issuer_subject"),
        comment="One row for each clerk; of one that was removed only the id is left.",
    )
    op.create_table(
        "account_sessions",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("id_token", sa.Text),
        sa.PrimaryKeyConstraint("digest", name="pk_account_sessions"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_account_sessions_account"),
        comment="One row for each sign-in; the session's id itself stands only in its cookie.",
    )
    op.create_index("ix_account_sessions_account", "account_sessions", ["account"])
    op.create_index("ix_account_sessions_started_at", "account_sessions", ["started_at"])


def _create_what_passes() -> None:
    op.create_table(
        "account_failures",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_account_failures"),
        comment="How often signing in failed in a row; names and addresses stand as pseudonyms.",
    )
    op.create_table(
        "account_marks",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_account_marks"),
        comment="Forms that were used: each signs in once.",
    )
    op.create_table(
        "account_flows",
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("next", sa.Text, nullable=False),
        sa.Column("kept", sa.Text, nullable=False),
        sa.Column("clerk", sa.String(32)),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_account_flows"),
        comment="One row for each sign-in under way at the OpenID provider.",
    )
    for table, column in (("failures", "last_at"), ("marks", "spent_at"), ("flows", "started_at")):
        op.create_index(f"ix_account_{table}_{column}", f"account_{table}", [column])
    op.create_table(
        "account_keys",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("value", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_account_keys"),
        comment="Random keys of this database, made when first needed.",
    )


def _create_record() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "account_record",
        sa.Column("number", number, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("clerk", sa.String(32)),
        sa.Column("by", sa.String(32)),
        sa.Column("detail", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_account_record"),
        comment="Who came in; rows are only added, and may be deleted when they are 400 days old.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_account_record_at", "account_record", ["at"])
    op.create_index("ix_account_record_clerk_at", "account_record", ["clerk", "at"])
