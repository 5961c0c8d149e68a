"""What never reaches a log line or a terminal: personal data, by key, by type and by shape."""

import json
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ValidationError

from schemas.codec import Record
from schemas.envelope import Context
from schemas.events import BY_WIRE_TYPE
from schemas.model import PERSONAL_MARK

CARRIERS: Final = frozenset({"data", "value", "payload", "body", "record", "event_data"})
"""Keys under which the content of an event travels."""
WITHHELD: Final = "(withheld)"
MAX_TEXT: Final = 500
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What a terminal obeys instead of showing it: controls, directions of writing, half characters."""
MAX_DEPTH: Final = 6
_SPEAKING: Final = frozenset({"hub", "schemas", "connectors", "kafka", "aiokafka"})
"""Packages whose errors are made of codes, names and numbers, never of an event's content."""
_ADDRESSES: Final = ("kafka.net.", "aiokafka.conn")
"""Where libraries define connections, whose text is host, port and state."""
_BYTES = re.compile(r"""\bb(?P<quote>['"])(?:\\.|(?!(?P=quote)).)*(?:(?P=quote)|$)""", re.DOTALL)


@cache
def personal_fields() -> frozenset[str]:
    """Every field name that is marked personal in any version of any event."""
    return frozenset(
        name
        for model in BY_WIRE_TYPE.values()
        for schema in _objects(model.model_json_schema())
        for name, field in schema.get("properties", {}).items()
        if f'"{PERSONAL_MARK}": true' in json.dumps(field)
    )


def _objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from schema.get("$defs", {}).values()


@cache
def field_names() -> frozenset[str]:
    """Every field name of the envelope and of any version of any event."""
    models = [Context.model_json_schema(), *(m.model_json_schema() for m in BY_WIRE_TYPE.values())]
    return frozenset(
        name for model in models for part in _objects(model) for name in part.get("properties", ())
    )


@cache
def _rendered_event() -> re.Pattern[str]:
    """A personal field with a quoted value: JSON, or Python's own writing of a model."""
    names = "|".join(sorted(personal_fields() | {"payload", "body"}))
    quoted = r"""\\?["']?\s*[=:]\s*(?:\\?["'\[{]|datetime)"""
    return re.compile(rf"\b(?:{names})\b{quoted}", re.IGNORECASE)


def visible(text: str) -> str:
    r"""The text with `\u001b` and the like for what would steer a terminal; lines and tabs stay."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def safe_text(text: str) -> str:
    """The text on one line, cut; withheld as a whole if an event stands in it, its bytes always."""
    if _rendered_event().search(text):
        return WITHHELD
    text = visible(_BYTES.sub("(bytes)", text)).replace("\n", "\\n").replace("\t", "\\t")
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"


def safe_items(values: Mapping[Any, Any], depth: int = 0) -> dict[str, Any]:
    """The mapping without personal keys, every value safe."""
    never = personal_fields() | CARRIERS
    return {
        safe_text(str(key)): safe(value, depth + 1)
        for key, value in values.items()
        if not isinstance(key, bytes) and str(key).lower() not in never
    }


def safe(value: object, depth: int = 0) -> Any:  # noqa: ANN401 - whatever a log line can carry
    """The value if it can say nothing about a person, else the name of its type."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | UUID | date | timedelta | Decimal | PurePath):
        return safe_text(str(value))
    if isinstance(value, BaseException):
        return error_text(value)
    if depth >= MAX_DEPTH or isinstance(value, Record | BaseModel | bytes | bytearray):
        return f"<{type(value).__name__}>"
    return _safe_inside(value, depth)


def _safe_inside(value: object, depth: int) -> Any:  # noqa: ANN401 - the same
    if isinstance(value, Mapping):
        return safe_items(value, depth)
    if isinstance(value, Sequence | AbstractSet):
        return [safe(item, depth + 1) for item in value]
    if type(value).__module__.startswith(_ADDRESSES):
        return safe_text(str(value))
    return f"<{type(value).__name__}>"


def error_text(error: BaseException) -> str:
    """Type and message of an error; the message only where it cannot quote an event."""
    name = type(error).__name__
    if isinstance(error, ValidationError):
        return f"{name}: {'; '.join(_findings(error))}"
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: [{error.errno}] {error.strerror}"
    if type(error).__module__.partition(".")[0] in _SPEAKING:
        text = safe_text(str(error))
        return text if text.startswith(name) else f"{name}: {text}"
    return f"{name} (its text is withheld: it may quote an event)" if error.args else name


def _findings(error: ValidationError) -> Iterator[str]:
    known = field_names()
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        path = (str(p) if isinstance(p, int) or p in known else "*" for p in found["loc"])
        yield f"{found['type']} at {'.'.join(path) or '.'}"


def traceback_text(error: BaseException) -> str:
    """The traceback without local variables, causes first, every message safe."""
    parts = []
    if (cause := error.__cause__) is not None:
        parts.append(traceback_text(cause) + "\nThat was the direct cause of:")
    elif (context := error.__context__) is not None and not error.__suppress_context__:
        parts.append(traceback_text(context) + "\nWhile that was handled:")
    if error.__traceback__ is not None:
        parts.append("Traceback (most recent call last):")
        parts += [line.rstrip("\n") for line in traceback.format_tb(error.__traceback__)]
    parts.append(error_text(error))
    if isinstance(error, BaseExceptionGroup):
        parts += [f"Within the group:\n{traceback_text(one)}" for one in error.exceptions]
    return "\n".join(parts)
