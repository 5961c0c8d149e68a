"""A file with one structured CloudEvent in each line."""

from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from connectors.file_drop.lines import RawLine, bad_line, raw_lines
from connectors.file_drop.mapping import structured_event
from connectors.file_drop.reading import (
    BOM,
    TOO_LONG,
    Finding,
    Line,
    Place,
    fault_of_bytes,
    refuse_utf16,
)
from schemas.errors import Unreadable


class JsonLines:
    """Events as they are, one in a line; blank lines do not count."""

    name: ClassVar[str] = "jsonl"
    head: ClassVar[bytes] = b""
    tail: ClassVar[bytes] = b""

    def __init__(self, stream: BinaryIO, party: str) -> None:
        """Read from this stream what this party says."""
        self._stream = stream
        self._party = party

    def check(self) -> Iterator[None]:
        """Nothing that needs the whole file."""
        refuse_utf16(self._stream)
        return iter(())

    def read(self, place: Place) -> Iterator[Line | None]:
        """One event or its problems for each line that is not blank."""
        for raw in raw_lines(self._stream, place):
            if raw is None:
                yield None
            elif raw.too_long:
                yield bad_line(raw, TOO_LONG)
            elif raw.raw.removeprefix(BOM).strip():
                yield self._line(raw)

    def _line(self, raw: RawLine) -> Line:
        text = raw.raw.removeprefix(BOM) if raw.number == 1 else raw.raw
        fault = fault_of_bytes(text)
        if fault is not None:
            return bad_line(raw, fault)
        try:
            event = structured_event(text, self._party)
        except Unreadable as unreadable:
            return bad_line(raw, *(Finding(problem) for problem in unreadable.problems))
        return Line(raw.number, raw.after, len(raw.raw), event)
