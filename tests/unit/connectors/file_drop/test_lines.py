"""Lines out of bytes: all of them, with their numbers, none loaded beyond its limit."""

import io

from hypothesis import given
from hypothesis import strategies as st

from connectors.file_drop.lines import RawLine, raw_lines
from connectors.file_drop.reading import MAX_LINE_BYTES, Place
from tests.support.patience import PATIENT

CONTENT = st.lists(st.binary(max_size=30)).map(b"\n".join)


def read(content: bytes, place: Place | None = None) -> list[RawLine]:
    """Every line from a place on."""
    lines = raw_lines(io.BytesIO(content), place or Place())
    return [line for line in lines if line is not None]


@PATIENT
@given(CONTENT)
def test_the_lines_are_the_content(content: bytes) -> None:
    """Put together again, the lines are the content, byte for byte."""
    lines = read(content)
    assert b"".join(line.raw for line in lines) == content
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


@PATIENT
@given(CONTENT, st.data())
def test_reading_begins_again_behind_any_line(content: bytes, data: st.DataObject) -> None:
    """From the place behind a line, exactly the lines after it are read, with their numbers."""
    lines = read(content)
    if lines:
        settled = data.draw(st.integers(1, len(lines)))
        assert read(content, lines[settled - 1].after) == lines[settled:]


def test_a_line_too_long_is_passed_over() -> None:
    """A line of more than 1 MiB is named and not loaded; the next one is read."""
    content = b"a\n" + b"x" * (3 * MAX_LINE_BYTES) + b"\nb\n"
    before, too_long, after = read(content)
    assert (before.raw, after.raw, after.number) == (b"a\n", b"b\n", 3)
    assert too_long.too_long
    assert too_long.raw == b""
    assert read(content, too_long.after) == [after]


def test_a_line_as_long_as_may_be_is_loaded() -> None:
    """1 MiB is not too long, with or without a line end."""
    line = b"x" * MAX_LINE_BYTES
    assert [one.raw for one in read(line)] == [line]
    assert [one.raw for one in read(line + b"\n")] == [line + b"\n"]


def test_a_line_too_long_may_end_with_the_file() -> None:
    """Nothing is lost or waited for when the last line is too long."""
    (last,) = read(b"x" * (2 * MAX_LINE_BYTES))
    assert last.too_long
    assert last.after == Place(2 * MAX_LINE_BYTES, 1)
