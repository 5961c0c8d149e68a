"""Bars beside the figures of a table: the same numbers, to be compared at a glance."""

from collections.abc import Sequence
from typing import Final, NamedTuple

FULL: Final = 1000
"""The width of the longest bar, in the units of its picture."""


class Part(NamedTuple):
    """A part of a bar."""

    x: int
    width: int


def bar(values: Sequence[float | None], longest: float) -> Sequence[Part]:
    """The parts of a bar, one after the other, where the longest of all is this long."""
    parts, x = [], 0.0
    for value in values:
        width = FULL * (value or 0) / longest if longest > 0 else 0
        parts.append(Part(round(x), round(width)))
        x += width
    return parts


def longest(rows: Sequence[Sequence[float | None]]) -> float:
    """How long the longest bar of these rows is."""
    return max((sum(value or 0 for value in row) for row in rows), default=0)
