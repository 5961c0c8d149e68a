"""Records of a CSV file as bytes: a quoted cell may go over several lines."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from connectors.file_drop.lines import RawLine
from connectors.file_drop.reading import MAX_LINE_BYTES

MAX_RECORD_LINES: Final = 50
"""How many lines a record may have; a quote that nobody closes would swallow the file."""


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A line in which a quote is opened that nobody closes."""

    line: RawLine


def records(
    lines: Iterator[RawLine | None], delimiter: bytes
) -> Iterator[RawLine | Unclosed | None]:
    """Each record; where a quote is never closed, only the line that opens it is given up."""
    again: deque[RawLine] = deque()
    while True:
        try:
            first = again.popleft() if again else next(lines)
        except StopIteration:
            return
        if first is None or not still_open(first.raw, delimiter):
            yield first
            continue
        group, closed = _gathered(first, again, lines, delimiter)
        if closed:
            yield RawLine(first.number, b"".join(line.raw for line in group), group[-1].after)
        else:
            yield Unclosed(first)
            again.extendleft(reversed(group[1:]))


def _gathered(
    first: RawLine, again: deque[RawLine], lines: Iterator[RawLine | None], delimiter: bytes
) -> tuple[list[RawLine], bool]:
    group, size = [first], len(first.raw)
    while len(group) < MAX_RECORD_LINES and size <= MAX_LINE_BYTES:
        line = again.popleft() if again else next((one for one in lines if one is not None), None)
        if line is None:
            return group, False
        group.append(line)
        if line.too_long:
            return group, False
        size += len(line.raw)
        if not still_open(line.raw, delimiter, inside=True):
            return group, size <= MAX_LINE_BYTES
    return group, False


def still_open(line: bytes, delimiter: bytes, *, inside: bool = False) -> bool:
    """Whether a quoted cell goes on after this line; a quote opens only where a cell begins."""
    at = 0
    if not inside:
        inside, at = line.startswith(b'"'), 1
    while True:
        if not inside:
            begin = line.find(delimiter + b'"', max(at - 1, 0))
            if begin < 0:
                return False
            at = begin + 2
        end = line.find(b'"', at)
        if end < 0:
            return True
        inside = line[end + 1 : end + 2] == b'"'
        at = end + 2 if inside else end + 1
