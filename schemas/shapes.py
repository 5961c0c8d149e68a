"""What a JSON Schema node allows, whatever way it is written: the form in which two compare."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Node: TypeAlias = Mapping[str, Any]
"""A JSON Schema, or a part of one."""
NULL: Final = "null"
_NOT_COMPARED: Final = frozenset(
    {"$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "examples", "anyOf"}
)


@dataclass(frozen=True, slots=True)
class Shape:
    """One node without references and without the ways of saying `or null`."""

    kinds: frozenset[str]
    """The JSON types allowed; empty: any."""
    says: Mapping[str, Any]
    """Every other keyword that says something about the value."""

    @property
    def fields(self) -> Mapping[str, Node]:
        """The declared fields of an object."""
        fields: Mapping[str, Node] = self.says.get("properties", {})
        return fields

    @property
    def required(self) -> frozenset[str]:
        """The fields that must be there."""
        return frozenset(self.says.get("required", ()))

    @property
    def open(self) -> bool:
        """Whether fields nobody declared are accepted."""
        return bool(self.says.get("additionalProperties", True))

    @property
    def values(self) -> frozenset[str] | None:
        """The closed list of values, as JSON; None when there is no such list."""
        if "const" in self.says:
            return frozenset({json.dumps(self.says["const"])})
        listed = self.says.get("enum")
        return None if listed is None else frozenset(map(json.dumps, listed))


def shape(node: Node, document: Node) -> Shape:
    """The shape of a node of a document; references lead inside the same document."""
    while "$ref" in node:
        target: Node = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    says = {key: value for key, value in node.items() if key not in _NOT_COMPARED}
    kinds = frozenset(_listed(says.pop("type", ())))
    if "anyOf" not in node:
        return Shape(kinds, says)
    ways = [shape(way, document) for way in node["anyOf"]]
    real = [way for way in ways if way.kinds != {NULL}]
    kinds = kinds.union(*(way.kinds for way in ways))
    if len(real) == 1:
        return Shape(kinds, {**real[0].says, **says})
    return Shape(
        kinds, {**says, "anyOf": [json.dumps(way, sort_keys=True) for way in node["anyOf"]]}
    )


def _listed(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else list(kinds)
