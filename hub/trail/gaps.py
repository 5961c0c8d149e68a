"""What is missing in the numbers that a source gives what it sends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Span = tuple[int, int]
"""From and to, both missing."""


@dataclass(frozen=True, slots=True, order=True)
class Numbers:
    """The numbers of one source on one day."""

    source: str
    """`//kurze-wege/<party>/<system>`."""
    first: int
    last: int
    count: int
    """How many different ones came in."""
    missing: tuple[Span, ...]
    """Those between the last of the days before and the last of this one that did not come."""


def numbers(source: str, before: int | None, came: Iterable[int]) -> Numbers | None:
    """The day's numbers of a source; `before`: the greatest of the days before. None: none came.

    A number from before that came late fills its gap without being one of this day's.
    """
    there = sorted(set(came))
    if not there:
        return None
    start = there[0] - 1 if before is None else before
    missing = tuple(_spans(start, there))
    return Numbers(source, there[0], there[-1], len(there), missing)


def _spans(start: int, there: Iterable[int]) -> Iterator[Span]:
    last = start
    for number in there:
        if number > last + 1:
            yield last + 1, number - 1
        last = max(last, number)
