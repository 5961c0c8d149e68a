"""Nothing of what a file says stands in a report or in the log, whatever is wrong with it."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from connectors.file_drop.table_mapping import TableMapping, defaults
from connectors.file_drop.xml_moves import ATTRIBUTES, FIELDS
from tests.support.drop_folder import DropFolder

MARKER = re.compile(r"mk\d+q", re.IGNORECASE)
FAULTS = ("Mk{0}q", "Mk{0}q \u2022 x", "31.02.19Mk{0}q", "mk{0}q@", "Mk{0}q" * 60)
"""Ways to put a marker where something else should be."""


@pytest.fixture
def folder(tmp_path: Path) -> DropFolder:
    """An empty folder of one party."""
    return DropFolder(tmp_path)


def told(folder: DropFolder) -> str:
    """Everything the source says while it takes all files: log and reports."""
    with capture_logs() as logs:
        folder.take()
    refused = folder.root / folder.party / "refused"
    reports = [path.read_text() for path in refused.glob("*.report.jsonl")]
    assert reports
    return "\n".join([*map(str, logs), *reports])


def marked_rows(mapping: TableMapping) -> Iterator[dict[str, str]]:
    """Rows with a marker in every cell, each in another disguise."""
    number = 0
    for fault in FAULTS:
        row = {}
        for name in mapping.columns:
            number += 1
            row[name] = fault.format(number)
        yield row


@pytest.mark.parametrize("mapping", defaults(), ids=lambda mapping: mapping.name)
def test_no_cell_is_repeated(folder: DropFolder, mapping: TableMapping) -> None:
    """With every cell of a table wrong, no report and no log line quotes one."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(mapping.columns), delimiter=mapping.delimiter)
    writer.writeheader()
    writer.writerows(marked_rows(mapping))
    rows = text.getvalue().encode()
    folder.drop(f"{mapping.name}.csv", rows + b'Mk1q;"Mk2q\nMk3q;Mk4q"x;\nMk\xfc5q;Mk6q\nMk7q\0;\n')
    assert not MARKER.search(told(folder))


def test_a_missing_header_is_not_repeated(folder: DropFolder) -> None:
    """A table that begins with its first person instead of its header stays unquoted."""
    folder.drop("umzuege.csv", b"Mk1q;Mk2q\nMk3q;Mk4q\n")
    folder.drop("anything.csv", b"Mk1q;Mk2q\nMk3q;Mk4q\n")
    folder.drop("umzuege-2.csv", b'"Mk1q;Mk2q\n')
    assert not MARKER.search(told(folder))


def test_no_json_value_is_repeated(folder: DropFolder) -> None:
    """Wrong values, unknown names and broken JSON are refused without being quoted."""
    example = Path("connectors/file_drop/examples/events.jsonl").read_text("utf-8")
    lines = []
    for line in example.splitlines():
        for nth, value in enumerate(re.findall(r":(\"[^\"]*\"|true|false)", line)):
            lines.append(line.replace(value, f'"Mk{nth}q "', 1))
            lines.append(line.replace(value, f'{{"Mk{nth}q": "Mk{nth}q"}}', 1))
            lines.append(line.replace(value, f'"Mk{nth}q', 1))
        lines += [re.sub(r'"(\w+)":', rf'"\1 Mk{n}q":', line, count=n) for n in range(1, 20)]
    folder.drop("a.jsonl", "\n".join(lines).encode())
    assert not MARKER.search(told(folder))


def test_no_xml_text_is_repeated(folder: DropFolder) -> None:
    """Wrong values, unknown elements and broken documents are refused without being quoted."""
    leaves = "".join(
        f"<{above}><{leaf}>Mk{nth}q</{leaf}></{above}>" if above else f"<{leaf}>Mk{nth}q</{leaf}>"
        for nth, (above, _, leaf) in enumerate(
            path.rpartition("/") for path in (*ATTRIBUTES, *FIELDS)
        )
    )
    moves = [leaves, leaves + "<Mk1q/>", leaves + "Mk1q", f"<Mk1q>{leaves}</Mk1q>"]
    listed = "".join(f"<umzug>{move}</umzug>" for move in moves)
    folder.drop("a.xml", f"<umzuege>{listed}<Mk1q/><umzug Mk2q='Mk3q'/></umzuege>".encode())
    folder.drop("b.xml", b"<umzuege>Mk1q</umzuege>")
    folder.drop("c.xml", b"<umzuege><umzug>Mk1q</Mk2q></umzuege>")
    folder.drop("d.xml", b'<!DOCTYPE Mk1q [<!ENTITY Mk2q "Mk3q">]><umzuege/>')
    folder.drop("e.xml", b"<umzuege>&Mk1q;</umzuege>")
    folder.drop("f.xml", b'<?xml version="1.0" encoding="Mk1q"?><umzuege/>')
    folder.drop("g.xml", b"<Mk1q/>")
    assert not MARKER.search(told(folder))


def test_no_file_name_is_repeated(folder: DropFolder) -> None:
    """A file's name may be a person's; log and report go without it."""
    for name in ("Mk1q.jsonl", "Mk2q.csv", "Mk3q.xml", "Mk4q.doc", "umzuege Mk5q.csv"):
        folder.drop(name, b"x\n")
    assert not MARKER.search(told(folder))
