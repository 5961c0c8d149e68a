"""A party's folder as the demo uses it."""

import json
from pathlib import Path

from hub.demo import folders
from hub.demo.sample import HandIn, Place

FILE = HandIn("files/06432005/umzuege-0900.csv", "06432005", 0, "\ufeffA;B\r\nä;ß\r\n")


def test_file_appears_whole(tmp_path: Path) -> None:
    """A file lies in the inbox under its name, byte for byte, and nothing else does."""
    folders.drop(tmp_path, FILE)
    (there,) = (tmp_path / "06432005" / "in").iterdir()
    assert there.name == "umzuege-0900.csv"
    assert there.read_bytes() == FILE.text.encode()


def test_taken_when_it_lies_in_another_room(tmp_path: Path) -> None:
    """A file is taken once it lies in `done` or in `refused`."""
    for room in ("done", "refused"):
        waiting = [FILE]
        folders.drop(tmp_path / room, FILE)
        assert not folders.are_taken(tmp_path / room, waiting)
        party = tmp_path / room / FILE.party
        (party / room).mkdir()
        (party / "in" / "umzuege-0900.csv").rename(party / room / "umzuege-0900.csv")
        assert folders.are_taken(tmp_path / room, waiting)
        assert waiting == []


def test_report_names_lines_and_codes(tmp_path: Path) -> None:
    """The report beside a file gives the codes of each refused line; no report, no refusal."""
    refused = tmp_path / FILE.party / "refused"
    refused.mkdir(parents=True)
    said = [{"line": 2, "code": "field-invalid"}, {"line": 2, "code": "field-missing"}]
    report = refused / "umzuege-0900.csv.report.jsonl"
    report.write_text("".join(json.dumps(one) + "\n" for one in said), "utf-8")
    other = HandIn("files/06432005/other.jsonl", "06432005", 0, "")
    assert folders.refusals(tmp_path, [FILE, other]) == {
        Place(FILE.name, 2): {"field-invalid", "field-missing"}
    }
