"""The sample day as it is read from its folder."""

from datetime import date
from pathlib import Path

import pytest

from hub.demo.sample import filled, load
from hub.errors import UsageError

DAY = date(2024, 3, 1)


def test_dates_are_filled_in() -> None:
    """Relative dates become ISO and German ones, across the end of a month."""
    text = "{{day}} {{day-1}} {{day+31}} {{tag-1}} {{tag}} {day}"
    assert filled(text, DAY) == "2024-03-01 2024-02-29 2024-04-01 29.02.2024 01.03.2024 {day}"


def test_no_placeholder_is_left() -> None:
    """In the day as it is handed in, no date is left open."""
    sample = load(DAY)
    assert not [file.name for file in sample.files if "{{" in file.text]
    assert not [post.line for post in sample.posts if "{{" in str(post.events)]


def test_every_event_has_its_place() -> None:
    """Every event of the day stands in a file or a post that is handed in."""
    sample = load(DAY)
    there = {file.name: len(file.text.splitlines()) for file in sample.files}
    there["posts.jsonl"] = len(sample.posts)
    for told in sample.expected.told():
        assert 1 <= told.line <= there[told.file]


def test_tables_keep_their_line_ends() -> None:
    """A table is handed in as the spreadsheet saved it: byte order mark and CRLF."""
    table = next(file for file in load(DAY).files if file.name.endswith(".csv"))
    assert table.text.startswith("\ufeff")
    assert "\r\n" in table.text


def test_folder_without_a_day(tmp_path: Path) -> None:
    """A folder that holds no day is refused in words."""
    with pytest.raises(UsageError, match="no day"):
        load(DAY, tmp_path)
