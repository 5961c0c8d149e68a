"""The head of a table: its header row, and the mapping that gives each column a meaning."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from connectors.file_drop.csv_records import records
from connectors.file_drop.lines import RawLine, raw_lines
from connectors.file_drop.reading import BOM, FileRefused, Place, fault_of_bytes, refuse_utf16
from connectors.file_drop.table_mapping import Column, TableMapping, candidates

_SEPARATOR_LINE: Final = re.compile(rb"sep=([;,\t|])\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the rows."""

    raw: bytes
    """Everything above them, to be put above the rows given back."""
    after: Place
    """Where the first row begins."""
    delimiter: str
    """What stands between two cells."""
    mapping: TableMapping
    """What the columns mean."""
    columns: tuple[Column | None, ...]
    """The meaning of each column, None where it is not read."""
    unnamed: frozenset[int]
    """The columns without a name, which must be empty."""


def read_head(stream: BinaryIO, file_name: str, own: Sequence[TableMapping]) -> Head:
    """The head, with the first mapping that fits it; raises FileRefused."""
    refuse_utf16(stream)
    possible = candidates(file_name, own)
    reasons = []
    for mapping in possible:
        try:
            return _head(stream, mapping)
        except _Unfit as unfit:
            reasons.append(str(unfit))
    if len(possible) == 1:
        raise FileRefused(f"{reasons[0]} (mapping {possible[0].name})")
    raise FileRefused(
        "The header row fits no mapping. Is there a header row, and is the delimiter right?"
    )


class _Unfit(Exception):
    """The header row does not fit this mapping."""


def _head(stream: BinaryIO, mapping: TableMapping) -> Head:
    place, delimiter = _begin(stream, mapping.delimiter)
    record = next(records(raw_lines(stream, place), delimiter.encode()), None)
    if not isinstance(record, RawLine) or record.too_long:
        raise _Unfit("The first line is no header row.")
    fault = fault_of_bytes(record.raw)
    if fault is not None:
        raise FileRefused(fault.problem.detail, record.number)
    names = _names(record.raw, delimiter)
    for number, name in enumerate(names):
        if name and not mapping.knows(name):
            raise _Unfit(f"Column {_letters(number)} of the header row is not in the mapping.")
        if name and name in names[:number]:
            raise _Unfit(f"Column {_letters(number)} of the header row stands there twice.")
    if not any(names):
        raise _Unfit("The header row is empty.")
    stream.seek(0)
    return Head(
        raw=stream.read(record.after.offset),
        after=record.after,
        delimiter=delimiter,
        mapping=mapping,
        columns=tuple(mapping.column(name) for name in names),
        unnamed=frozenset(number for number, name in enumerate(names) if not name),
    )


def _begin(stream: BinaryIO, delimiter: str) -> tuple[Place, str]:
    """Where the header row begins; Excel's line `sep=;` above it names the delimiter."""
    stream.seek(0)
    start = stream.read(16)
    begin = len(BOM) if start.startswith(BOM) else 0
    told = _SEPARATOR_LINE.match(start, begin)
    if told is None:
        return Place(begin, 0), delimiter
    return Place(told.end(), 1), told[1].decode()


def _names(raw: bytes, delimiter: str) -> list[str]:
    try:
        names = next(csv.reader([raw.decode()], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise _Unfit("The header row is no row of a table with this delimiter.") from None
    return [" ".join(name.split()) for name in names]


def _letters(number: int) -> str:
    """The column's letters as a spreadsheet shows them."""
    above, letter = divmod(number, 26)
    return (_letters(above - 1) if above else "") + chr(ord("A") + letter)
