"""Lines out of a stream of bytes, with their numbers, none of them loaded beyond 1 MiB."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from connectors.file_drop.reading import MAX_LINE_BYTES, Finding, Line, Place


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line, or several that belong together, as bytes."""

    number: int
    """Of its first line, counted from 1."""
    raw: bytes
    """With its line end; empty if it is too long."""
    after: Place
    """Where the next line begins."""
    too_long: bool = False


def raw_lines(stream: BinaryIO, place: Place) -> Iterator[RawLine | None]:
    """Every line from there on; None between the pieces of a line that is too long."""
    stream.seek(place.offset)
    while raw := stream.readline(MAX_LINE_BYTES + 1):
        offset, number = place.offset + len(raw), place.line + 1
        too_long = len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n")
        while too_long and not raw.endswith(b"\n"):
            yield None
            raw = stream.readline(MAX_LINE_BYTES)
            if not raw:
                break
            offset += len(raw)
        place = Place(offset, number)
        yield RawLine(number, b"" if too_long else raw, place, too_long)


def bad_line(raw: RawLine, *findings: Finding) -> Line:
    """The line as one that is no event."""
    return Line(raw.number, raw.after, len(raw.raw), findings=findings, raw=raw.raw)
