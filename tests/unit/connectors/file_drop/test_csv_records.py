"""Records of a CSV file: a quoted cell may go over lines, an open quote swallows nothing."""

import csv
import io
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.file_drop.csv_records import MAX_RECORD_LINES, Unclosed, records
from connectors.file_drop.lines import RawLine, raw_lines
from connectors.file_drop.reading import MAX_LINE_BYTES, Place
from tests.support.patience import PATIENT

CELLS = st.text(st.sampled_from('a;,"\n\r =ü'), max_size=8)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8)


def read(content: bytes, delimiter: str = ";") -> list[RawLine | Unclosed]:
    """Every record."""
    lines = raw_lines(io.BytesIO(content), Place())
    return [record for record in records(lines, delimiter.encode()) if record is not None]


def raw(record: RawLine | Unclosed) -> bytes:
    """Its bytes."""
    return record.line.raw if isinstance(record, Unclosed) else record.raw


@PATIENT
@given(ROWS, st.sampled_from(";,"))
def test_a_written_table_comes_apart_into_its_rows(rows: list[list[str]], delimiter: str) -> None:
    """What a spreadsheet quotes, line breaks included, comes apart where its rows end."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    found = [raw(record).decode() for record in read(text.getvalue().encode(), delimiter)]
    assert [next(csv.reader([one], delimiter=delimiter)) for one in found] == rows


@PATIENT
@given(st.lists(st.sampled_from([b'"', b";", b"\n", b"a", b"\r\n", b'";"']), max_size=40))
@example([b'"'] + [b"\n"] * 2 * MAX_RECORD_LINES)
def test_nothing_is_lost(pieces: list[bytes]) -> None:
    """Whatever the quotes are like, the records put together are the content."""
    content = b"".join(pieces)
    assert b"".join(map(raw, read(content))) == content


@pytest.mark.parametrize("rest", [1, MAX_RECORD_LINES, 3 * MAX_RECORD_LINES])
def test_an_open_quote_costs_one_line(rest: int) -> None:
    """A quote that is never closed refuses the line it stands in; all others are read."""
    content = b'a;b\na;"b\n' + b"a;b\n" * rest
    first, bad, *others = read(content)
    assert isinstance(bad, Unclosed)
    assert bad.line.number == 2
    assert raw(first) == b"a;b\n"
    assert [raw(one) for one in others] == [b"a;b\n"] * rest


def test_a_quote_inside_a_cell_opens_nothing() -> None:
    """Inches and quoted words inside a cell do not swallow the next line."""
    content = b'a;5" Rohr\nb;das "alte" Haus\n'
    assert [raw(one) for one in read(content)] == content.splitlines(keepends=True)


def test_a_record_knows_its_first_line_and_where_the_next_begins() -> None:
    """A record over several lines has the number of its first and the place behind its last."""
    content = b'a;"1\n2\n3"\nb;4\n'
    first, second = read(content)
    assert isinstance(first, RawLine)
    assert isinstance(second, RawLine)
    assert (first.number, first.after) == (1, Place(10, 3))
    assert second.number == 4


def test_a_quote_does_not_reach_beyond_a_line_too_long() -> None:
    """A record that would have to be longer than 1 MiB is given up at its first line."""
    long = b"x" * (MAX_LINE_BYTES + 1)
    found = read(b'"a\n' + long + b'\nb"\n')
    assert isinstance(found[0], Unclosed)
    middle, last = found[1:]
    assert isinstance(middle, RawLine)
    assert middle.too_long
    assert raw(last) == b'b"\n'


def test_many_open_quotes_stay_cheap() -> None:
    """A file full of open quotes is read to its end, each line refused once."""
    content = b'"a\n' * 1_000 + b"b\n"
    found = read(content)
    lines = list(chain.from_iterable(raw(one).splitlines() for one in found))
    assert len(lines) == 1_001
