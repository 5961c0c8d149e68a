"""One thing has one word: nothing is listed in two enumerations."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
KINDS: Final = {"Enum", "StrEnum"}


def _enumerations() -> Iterator[tuple[str, frozenset[str]]]:
    """Where each stands, and the texts of its members."""
    for room in ("schemas", "connectors", "hub"):
        for module in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and KINDS & {
                    base.id for base in node.bases if isinstance(base, ast.Name)
                }:
                    yield f"{module.relative_to(ROOT)}: {node.name}", _members(node)


def _members(enumeration: ast.ClassDef) -> frozenset[str]:
    said = (each.value for each in enumeration.body if isinstance(each, ast.Assign))
    return frozenset(str(one.value) for one in said if isinstance(one, ast.Constant))


def test_nothing_is_listed_twice() -> None:
    """Two enumerations of the same members would be two words for one thing."""
    found: dict[frozenset[str], list[str]] = {}
    for place, members in _enumerations():
        if len(members) > 1:
            found.setdefault(members, []).append(place)

    assert ["hub/language.py: Language"] in found.values()
    assert [places for places in found.values() if len(places) > 1] == []
