"""Events as their senders' systems write them: JSON objects and rows of a table."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from schemas.data import Data
from schemas.envelope import Event
from tests.support.table_words import CODED, HEADINGS, WORDS

LOCAL: Final = timedelta(hours=2)
"""Summer time; a table has no zone in its cells."""


def structured(event: Event[Data]) -> dict[str, Any]:
    """The event as one JSON object (CloudEvents JSON format)."""
    attributes = event.context.model_dump(mode="json", exclude_none=True)
    data = event.data.model_dump(mode="json", exclude_none=True)
    return attributes | {"datacontenttype": "application/json", "data": data}


def row(event: Event[Data]) -> dict[str, str]:
    """The event as a row of its kind's table."""
    said = dict(_flat(event.context.model_dump(mode="json", exclude_none=True)))
    said |= dict(_flat(event.data.model_dump(mode="json", exclude_none=True)))
    return {
        heading: _cell(path, said.get(path, ""))
        for heading, path in HEADINGS[event.context.type].items()
    }


def as_text(wire: dict[str, Any]) -> str:
    """A JSON object in one line."""
    return json.dumps(wire, ensure_ascii=False, separators=(",", ":"))


def _flat(value: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, inside in value.items():
        if isinstance(inside, dict):
            yield from _flat(inside, f"{above}{name}.")
        elif isinstance(inside, list) and inside and isinstance(inside[0], dict):
            yield from _flat(inside[0], f"{above}{name}.0.")
        else:
            yield f"{above}{name}", inside


def _cell(path: str, value: Any) -> str:  # noqa: ANN401 - JSON may be anything
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, list):
        return ", ".join(value)
    if path in CODED:
        return WORDS.get(value, value)
    if path.endswith(("time", "_at", "updated")) and "T" in str(value):
        moment = datetime.fromisoformat(value) + LOCAL
        return f"{moment:%d.%m.%Y %H:%M:%S}"
    if path.endswith(("_date", "valid_from")):
        return f"{datetime.fromisoformat(value):%d.%m.%Y}"
    return str(value)
