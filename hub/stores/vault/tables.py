"""The table: each subject's key, wrapped, or when, by whom and why it was destroyed."""

from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Text

from connectors.backoffice.tables import Instant

metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})

keys = Table(
    "vault_keys",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("wrapped", LargeBinary),
    Column("wrapped_by", String(16)),
    Column("made_at", Instant, nullable=False),
    Column("destroyed_at", Instant),
    Column("destroyed_by", String(100)),
    Column("reason", Text),
    Column("told_at", Instant),
    comment="One row for each subject; its key is gone once it was destroyed.",
)
