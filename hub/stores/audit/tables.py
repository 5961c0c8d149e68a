"""The table: the chain, each row as it was written."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

audit = Table(
    "audit",
    metadata,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("at", String(32), nullable=False),
    Column("who", String(250), nullable=False),
    Column("role", String(250), nullable=False),
    Column("party", String(250), nullable=False),
    Column("did", String(250), nullable=False),
    Column("about", String(250), nullable=False),
    Column("reason", String(300), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "about", "number"),
    Index(None, "party", "number"),
    comment="One row for each act, bound to the row before by its digest; rows are only added.",
)
