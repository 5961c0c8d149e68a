"""An event's data without the person: what may be kept once nobody acts on it any more. Pure."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, TypeVar

from schemas.data import Data
from schemas.documents import Schema, schema_of
from schemas.model import PERSONAL_MARK
from schemas.shapes import Node, shape

ERASED: Final = "erased"
"""Stands where a text about a person must stand."""
NO_DAY: Final = "0001-01-01"
"""Stands where one of their days must stand."""
_LEFT_OUT: Final = object()
D = TypeVar("D", bound=Data)


def erased(data: D) -> D:
    """The same event saying nothing about a person: codes, times, places and parties stay.

    What may be left out is left out; where the contract wants something there stands `erased`,
    or the first of all days. Erasing again changes nothing (GDPR Art. 5(1)(e), SGB X §84(2)).
    """
    model = type(data)
    document = _document(model)
    said = data.model_dump(mode="json", exclude_none=True)
    return model.model_validate(_erased(said, document, document))


def is_erased(data: Data) -> bool:
    """Whether a person stood here who was erased; an event about nobody never was."""
    return any(value == ERASED for _, value in personal(data)) and erased(data) == data


def personal(data: Data) -> list[tuple[str, Any]]:
    """Every personal field in these data, with its value."""
    document = _document(type(data))
    said = data.model_dump(mode="json", exclude_none=True)
    return list(_of_persons("", said, document, document))


@cache
def _document(model: type[Data]) -> Schema:
    return schema_of(model)


def _erased(value: Any, node: Node, document: Node, *, required: bool = True) -> Any:  # noqa: ANN401 - any JSON value
    here = shape(node, document)
    if here.says.get(PERSONAL_MARK):
        stand_in = NO_DAY if here.says.get("format") == "date" else ERASED
        return stand_in if required else _LEFT_OUT
    kept = value
    if isinstance(value, list) and "items" in here.says:
        kept = [_erased(one, here.says["items"], document) for one in value]
    if isinstance(value, dict) and here.fields:
        found = {
            name: _erased(one, here.fields[name], document, required=name in here.required)
            for name, one in value.items()
        }
        kept = {name: one for name, one in found.items() if one is not _LEFT_OUT}
    return kept if required or kept == value else _LEFT_OUT


def _of_persons(
    field: str,
    value: Any,  # noqa: ANN401 - any JSON value
    node: Node,
    document: Node,
) -> Iterator[tuple[str, Any]]:
    here = shape(node, document)
    if here.says.get(PERSONAL_MARK):
        yield field, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _of_persons(name, one, here.fields.get(name, {}), document)
    elif isinstance(value, list):
        for one in value:
            yield from _of_persons(field, one, here.says.get("items", {}), document)
