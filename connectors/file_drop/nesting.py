"""Dotted names to nested data: `schedules.0.byday` is a list's first object's field."""

from collections.abc import Iterable

from pydantic import JsonValue


def nested(values: Iterable[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    """The values under their dotted names; a list's gaps close up."""
    root: dict[str, JsonValue] = {}
    for name, value in values:
        *above, last = name.split(".")
        inside = root
        for part in above:
            below = inside.setdefault(part, {})
            if not isinstance(below, dict):
                raise TypeError(f"{name}: something else already stands there")
            inside = below
        inside[last] = value
    return {name: _as_list(value) for name, value in root.items()}


def _as_list(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict):
        return value
    inside = {name: _as_list(below) for name, below in value.items()}
    if inside and all(name.isdigit() for name in inside):
        return [inside[name] for name in sorted(inside, key=int)]
    return inside
