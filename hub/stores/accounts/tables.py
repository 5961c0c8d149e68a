"""The tables: accounts, sessions, what failed, what is under way, and the record."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from connectors.backoffice.tables import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)
NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only what it calls INTEGER."""
DIGEST = String(64)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("sign_in_name", String(64)),
    Column("password_hash", String(255)),
    Column("must_change", Boolean, nullable=False),
    Column("issuer", String(255)),
    Column("subject", String(255)),
    Column("created_at", Instant, nullable=False),
    Column("locked_at", Instant),
    Column("removed_at", Instant),
    UniqueConstraint("sign_in_name"),
    UniqueConstraint("issuer", "subject"),
    comment="One row for each clerk; of one that was removed only the id is left.",
)
sessions = Table(
    "account_sessions",
    metadata,
    Column("digest", DIGEST, primary_key=True),
    Column("account", String(32), ForeignKey("accounts.id"), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("id_token", Text),
    Index(None, "account"),
    Index(None, "started_at"),
    comment="One row for each sign-in; the session's id itself stands only in its cookie.",
)
failures = Table(
    "account_failures",
    metadata,
    Column("key", DIGEST, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Index(None, "last_at"),
    comment="How often signing in failed in a row; names and addresses stand as pseudonyms.",
)
marks = Table(
    "account_marks",
    metadata,
    Column("mark", DIGEST, primary_key=True),
    Column("spent_at", Instant, nullable=False),
    Index(None, "spent_at"),
    comment="Forms that were used: each signs in once.",
)
flows = Table(
    "account_flows",
    metadata,
    Column("state", DIGEST, primary_key=True),
    Column("browser", DIGEST, nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("next", Text, nullable=False),
    Column("kept", Text, nullable=False),
    Column("clerk", String(32)),
    Column("started_at", Instant, nullable=False),
    Index(None, "started_at"),
    comment="One row for each sign-in under way at the OpenID provider.",
)
keys = Table(
    "account_keys",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", LargeBinary(32), nullable=False),
    comment="Random keys of this database, made when first needed.",
)
record = Table(
    "account_record",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("what", String(20), nullable=False),
    Column("clerk", String(32)),
    Column("by", String(32)),
    Column("detail", String(60), nullable=False),
    Index(None, "at"),
    Index(None, "clerk", "at"),
    comment="Who came in; rows are only added, and may be deleted when they are 400 days old.",
    sqlite_autoincrement=True,
)
