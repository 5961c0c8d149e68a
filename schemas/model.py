"""The base of every model on the wire, and the mark of a personal field."""

import re
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Final

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

PERSONAL_MARK: Final = "x-personal"
"""The JSON Schema keyword that marks a field whose value says something about a person."""

PERSONAL: Final = Field(json_schema_extra={PERSONAL_MARK: True})
"""Annotation of a personal field: never logged, never in a receipt, a ledger or an error."""


class Frozen(BaseModel):
    """A value that never changes and refuses fields nobody declared."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=False,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )


PersonalText = Annotated[
    str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True), PERSONAL
]
"""One line of text about a person, 1 to 120 characters."""

PartyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,31}$")]
"""A party's id in the registry: `kfb`, a municipality's AGS, or a provider's short name."""

CaseId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$")]
"""A case's id: a pseudonym the sender gave, the record key; never a name or a birth date."""

EventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")]
"""An event's id, unique within its source (CloudEvents 1.0, `id`)."""

Ags = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-6])[0-9]{6}$")]
"""Amtlicher Gemeindeschlüssel: 8 digits, Land 01 to 16, Regierungsbezirk, Kreis, Gemeinde."""

AreaCode = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-6])([0-9]{3}|[0-9]{6})$")]
"""A Kreis (5 digits) or a Gemeinde (8 digits) of the official key."""

_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)")


def _from_rfc3339(value: object) -> object:
    """Read it ourselves: pydantic would take digits for seconds since 1970, even when strict."""
    if isinstance(value, str) and _RFC3339.fullmatch(value):
        with suppress(ValueError):
            return datetime.fromisoformat(value.upper())
    if isinstance(value, datetime):
        return value
    raise PydanticCustomError("moment", "Give a date and time with its offset (RFC 3339).")


Moment = Annotated[AwareDatetime, BeforeValidator(_from_rfc3339)]
"""A point in time with its offset from UTC, as RFC 3339 writes it."""
