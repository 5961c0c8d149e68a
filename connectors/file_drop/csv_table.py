"""A CSV table with a declared meaning of its columns: one row, one event."""

import csv
from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from connectors.file_drop.csv_records import Unclosed, records
from connectors.file_drop.lines import RawLine, bad_line, raw_lines
from connectors.file_drop.mapping import derived_id
from connectors.file_drop.reading import TOO_LONG, Finding, Line, Place, fault_of_bytes
from connectors.file_drop.table_head import Head
from connectors.file_drop.table_row import RowUnreadable, row_event
from schemas.problems import ProblemCode, problem


class Table:
    """A table as Excel saves it; empty rows do not count."""

    name: ClassVar[str] = "csv"
    tail: ClassVar[bytes] = b""

    def __init__(self, stream: BinaryIO, head: Head, party: str, digest: str) -> None:
        """Read the rows below this head; the digest of the whole file makes the ids it lacks."""
        self.head = head.raw
        self._stream = stream
        self._head = head
        self._party = party
        self._digest = digest

    def check(self) -> Iterator[None]:
        """Nothing: the head is understood already, and every row stands for itself."""
        return iter(())

    def read(self, place: Place) -> Iterator[Line | None]:
        """One event or its problems for each row that is not empty."""
        begin = place if place.offset else self._head.after
        for record in records(raw_lines(self._stream, begin), self._head.delimiter.encode()):
            if isinstance(record, Unclosed):
                yield _unreadable(record.line, "A quotation mark is opened and never closed.")
            elif record is None:
                yield None
            elif record.too_long:
                yield bad_line(record, TOO_LONG)
            else:
                yield self._row(record)

    def _row(self, record: RawLine) -> Line | None:
        fault = fault_of_bytes(record.raw)
        if fault is not None:
            return bad_line(record, fault)
        text = record.raw.decode().replace("\r\n", "\n")
        try:
            cells = next(csv.reader([text], delimiter=self._head.delimiter, strict=True), [])
        except csv.Error:
            return _unreadable(record, "The quotation marks of the row do not fit together.")
        if not any(cell.strip() for cell in cells):
            return None
        own_id = derived_id(self._party, self._digest, record.number)
        try:
            event = row_event(cells, self._head, self._party, own_id)
        except RowUnreadable as unreadable:
            return bad_line(record, *unreadable.findings)
        return Line(record.number, record.after, len(record.raw), event)


def _unreadable(record: RawLine, detail: str) -> Line:
    return bad_line(record, Finding(problem(ProblemCode.VALUE_UNREADABLE, detail)))
