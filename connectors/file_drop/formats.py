"""Which format a file has: its name's ending says it."""

import hashlib
from collections.abc import Callable, Generator, Sequence
from typing import BinaryIO, Final

from connectors.file_drop.csv_table import Table
from connectors.file_drop.jsonl import JsonLines
from connectors.file_drop.reading import FileRefused, Format
from connectors.file_drop.table_head import read_head
from connectors.file_drop.table_mapping import TableMapping
from connectors.file_drop.xml_moves import Moves

PIECE: Final = 4 * 1024 * 1024
ENDINGS: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".xml": "xml"}


def format_named(file_name: str) -> str:
    """`jsonl`, `csv` or `xml`; raises FileRefused."""
    for ending, name in ENDINGS.items():
        if file_name.lower().endswith(ending):
            return name
    detail = f"The name must end in one of: {', '.join(ENDINGS)}."
    if file_name.lower().endswith((".xlsx", ".xls", ".ods")):
        detail += " Save the table as CSV UTF-8."
    raise FileRefused(detail)


def digest_of(stream: BinaryIO) -> Generator[None, None, str]:
    """SHA-256 of the content in hex, a piece at a time."""
    digest = hashlib.sha256()
    stream.seek(0)
    while piece := stream.read(PIECE):
        digest.update(piece)
        yield
    return digest.hexdigest()


def open_format(
    stream: BinaryIO,
    file_name: str,
    party: str,
    digest: str,
    own_mappings: Callable[[], Sequence[TableMapping]],
) -> Format:
    """The file in its format; raises FileRefused."""
    name = format_named(file_name)
    if name == "jsonl":
        return JsonLines(stream, party)
    if name == "xml":
        return Moves(stream, party, digest)
    return Table(stream, read_head(stream, file_name, own_mappings()), party, digest)
