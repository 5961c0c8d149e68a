"""The `jsonschema` package as an outside judge of our schemas, formats included."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker

FORMATS: Final = FormatChecker()
_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(value: object) -> bool:
    """RFC 3339; the package itself checks it only with a further package installed."""
    if not isinstance(value, str):
        return True
    if not _RFC_3339.fullmatch(value):
        return False
    return datetime.fromisoformat(value.upper()).tzinfo is not None


def judge(schema: Mapping[str, Any]) -> Draft202012Validator:
    """A validator of this schema; the schema itself is checked first."""
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FORMATS)
