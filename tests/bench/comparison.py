"""Compares a result with an earlier one: a ratio for each figure that both have."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

SECTIONS: Final = ("contenders", "latency", "memory", "startup", "growth")
_NOT_COMPARED: Final = ("points", "events", "partitions", "ratio")
_MIDDLE: Final = "median"


def figures(value: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, float]]:
    """Every figure by its dotted name; of a spread the median."""
    for name, inner in value.items():
        path = f"{above}.{name}" if above else name
        if name in _NOT_COMPARED:
            continue
        if isinstance(inner, Mapping):
            if _MIDDLE in inner:
                yield path, float(inner[_MIDDLE])
            else:
                yield from figures(inner, path)
        elif isinstance(inner, int | float) and not isinstance(inner, bool):
            yield path, float(inner)


def compared(result: Mapping[str, Any], earlier: Mapping[str, Any]) -> dict[str, float]:
    """For each figure of both: this run's value divided by the earlier one's."""
    ours, theirs = (
        dict(figures({name: run[name] for name in SECTIONS if name in run}))
        for run in (result, earlier)
    )
    return {
        name: round(value / theirs[name], 2) for name, value in ours.items() if theirs.get(name)
    }
