"""What the outbox door needs to know: whose database, which table, how its columns are called."""

from typing import Annotated, Final, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from schemas.model import PartyId

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
"""A table, schema or column; quoted where the database needs it."""
System = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]

Attribute = Literal[
    "source",
    "time",
    "purpose",
    "legalbasis",
    "dataclassification",
    "correlationid",
    "causationid",
    "recipient",
    "traceparent",
]
Role = Literal[
    "id",
    "aggregatetype",
    "aggregateid",
    "type",
    "payload",
    "number",
    "published_at",
    "refused_at",
    "problems",
    Attribute,
]
"""What a column means: Debezium's names, the context attributes, and this door's own."""

NEEDED: Final = ("id", "aggregateid", "type", "payload", "number", "refused_at", "problems")
"""The columns a table cannot do without."""
PUBLISHED_AT: Final = "published_at"
"""Needed as well, where rows are marked."""
ATTRIBUTES: Final[tuple[Attribute, ...]] = get_args(Attribute)
"""Context attributes that are read where the table has a column for them."""


class Options(BaseModel):
    """One outbox: a table in one party's database."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    database: SecretStr | None = None
    """The party's database, as SQLAlchemy names it: `postgresql://USER:PASSWORD@HOST/NAME`."""
    party: PartyId | None = None
    """Whose database it is; an event whose `source` names somebody else is refused."""
    system: System = "fachverfahren"
    """The system in `source`, where no column says it: `//kurze-wege/<party>/<system>`."""
    table: Name = "outbox"
    """The outbox table."""
    db_schema: Name | None = None
    """The schema it lies in, if not the connection's own."""
    columns: dict[Role, Name] = {}
    """Columns that are called otherwise: `{"aggregateid": "aktenzeichen"}`."""
    constants: dict[Attribute, Annotated[str, StringConstraints(min_length=1)]] = {}
    """Context attributes that are the same in every row without one of its own."""
    zone: str = "UTC"
    """The time zone of times without an offset, such as `Europe/Berlin`."""
    after: Literal["mark", "delete"] = "mark"
    """What becomes of a row when Kafka has it: `published_at` is set, or it is deleted."""
    batch_events: Annotated[int, Field(ge=1, le=500)] = 200
    """How many rows are taken at once, at most."""
    poll_ms: Annotated[int, Field(ge=1, le=60_000)] = 500
    """How long to wait between two looks into an empty outbox."""

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, OSError, ValueError) as error:
            raise ValueError("give a zone of the IANA time zone database") from error
        return zone

    @model_validator(mode="after")
    def _each_its_own_column(self) -> Self:
        names = [self.column(role) for role in get_args(Role)]
        if len({name.lower() for name in names}) < len(names):
            raise ValueError("columns gives two meanings to one column")
        return self

    def column(self, role: str) -> str:
        """What the column with this meaning is called."""
        return {str(role): name for role, name in self.columns.items()}.get(role, role)
