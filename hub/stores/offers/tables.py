"""The tables: each offer, what it is found by, and how far deliveries were read."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from connectors.backoffice.tables import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

offers = Table(
    "directory_offers",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("offer_id", String(64), nullable=False),
    Column("publisher", String(32), nullable=False),
    Column("feed", String(32), nullable=False),
    Column("organization_id", String(36), nullable=False),
    Column("category", String(40), nullable=False),
    Column("service", String(40)),
    Column("assured_on", Date, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("words", Text, nullable=False),
    Column("remembered", Text, nullable=False),
    Column("said", JSON, nullable=False),
    Index(None, "offer_id"),
    Index(None, "changed_at"),
    comment="One row for each public support offer, as it stands now.",
)


def _found_by(name: str, column: str, length: int) -> Table:
    offer = ForeignKey(offers.c.id, ondelete="CASCADE")
    return Table(
        f"directory_{name}",
        metadata,
        Column("id", String(36), offer, primary_key=True),
        Column(column, String(length), primary_key=True),
        Index(None, column),
        comment=f"The {name} of each offer.",
    )


areas = _found_by("areas", "area", 8)
languages = _found_by("languages", "language", 3)
positions = Table(
    "directory_positions",
    metadata,
    Column("party", String(32), primary_key=True),
    Column("topic", String(249), primary_key=True),
    Column("topic_partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
    comment="Where to go on reading; moves in the transaction of the rows.",
)
