"""The result as a table for people."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

APART: Final = ("says", "truth")


def table(result: Mapping[str, Any]) -> str:
    """Markdown: a row for each scene, a column for each tool; ✓ right, ✗ wrong."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    scenes = result["scenes"]
    first = next(iter(scenes.values()))
    tools = [name for name in first if name not in APART]
    yield f"Run on {result['at']}; versions: {_versions(result['versions'])}."
    yield ""
    yield f"| scene | truth | {' | '.join(tools)} |"
    yield f"|---|---|{'---|' * len(tools)}"
    for name, one in scenes.items():
        truth = f"lag {one['truth']['lag']}, {one['truth']['sign']}"
        yield f"| {name}: {one['says']} | {truth} | {' | '.join(_cell(one[t]) for t in tools)} |"
    right = " | ".join(_right(tool, scenes) for tool in tools)
    yield f"| **right** | {len(scenes)} | {right} |"


def _cell(one: Mapping[str, Any]) -> str:
    if not one.get("there", True):
        return "not there"
    return f"{'✓' if one['right'] else '✗'} {one['word']}"


def _right(tool: str, scenes: Mapping[str, Any]) -> str:
    """In how many scenes a tool was right, if it was asked at all."""
    if not all(one[tool].get("there", True) for one in scenes.values()):
        return "not there"
    return str(sum(one[tool]["right"] for one in scenes.values()))


def _versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())
