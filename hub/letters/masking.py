"""The content of a letter as anybody may see it: its shape, without a value."""

from typing import Any, Final

from pydantic_core import from_json

from hub.withhold import field_names
from schemas.codec import CONTENT_TYPE, STRUCTURED, Record

MASK: Final = "•••"
DEEPEST: Final = 8


def masked(record: Record) -> Any:  # noqa: ANN401 - any JSON value
    """Names and kinds of what stands in it; a text's length, never a text."""
    content = parsed(record)
    return f"{MASK} ({len(record.value or b'')} bytes)" if content is None else _mask(content)


def revealed(record: Record) -> Any:  # noqa: ANN401 - any JSON value
    """All of it: JSON as it is, anything else as text with its strange bytes escaped."""
    content = parsed(record)
    return (record.value or b"").decode(errors="backslashreplace") if content is None else content


def parsed(record: Record) -> Any:  # noqa: ANN401 - any JSON value
    """The data of the event as JSON; None if they are none."""
    try:
        content = from_json(record.value or b"", allow_inf_nan=False)
    except ValueError:
        return None
    is_whole = dict(record.headers).get(CONTENT_TYPE, b"").lower().startswith(STRUCTURED)
    return content.get("data") if is_whole and isinstance(content, dict) else content


def _mask(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
    if depth >= DEEPEST:
        return MASK
    if isinstance(value, dict):
        return {_name(key): _mask(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mask(inner, depth + 1) for inner in value]
    if isinstance(value, str):
        return f"{MASK} ({len(value)})"
    return MASK if isinstance(value, int | float) and not isinstance(value, bool) else value


def _name(key: str) -> str:
    """A field's name; what no field of the contract is called could be a person's name."""
    return key if key in field_names() else f"{MASK} ({len(key)})"
