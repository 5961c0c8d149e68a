"""Tables with declared columns: events written as rows come back, and Excel's habits with them."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from connectors.file_drop.csv_table import Table
from connectors.file_drop.reading import BOM, FileRefused, Line, Place
from connectors.file_drop.table_head import read_head
from connectors.file_drop.table_mapping import DATA, Column, TableMapping, defaults, parse
from schemas.codec import read as read_event
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.events import BY_WIRE_TYPE
from schemas.problems import ProblemCode
from tests.support.patience import FEW, PATIENT
from tests.support.strategies import events

MAPPINGS = {mapping.name: mapping for mapping in defaults()}
MOVES = MAPPINGS["umzuege"]
MOVE = {
    "Vorgang": "U-1",
    "Zeitpunkt": "02.03.2026 09:15",
    "Zweck": "residence",
    "Rechtsgrundlage": "bmg-34",
    "Person": "P-4f9a12c7",
    "Familienname": "Weiß",
    "Vornamen": "Günther",
    "Geburtsdatum": "23.02.1961",
    "AGS alt": "06432005",
    "AGS neu": "06432007",
    "Einzug am": "01.03.2026",
    "Gemeldet von": "Register",
}
PARTY = "06432005"


def table(rows: Sequence[dict[str, str]], delimiter: str = ";") -> bytes:
    """Rows as a German Excel saves them."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return BOM + text.getvalue().encode()


def lines(content: bytes, name: str = "umzuege.csv", *own: TableMapping) -> list[Line]:
    """Every row that counts."""
    stream = io.BytesIO(content)
    rows = Table(stream, read_head(stream, name, own), PARTY, "d" * 64)
    return [line for line in rows.read(Place()) if line is not None]


def only(content: bytes) -> Event[Data]:
    """The event of a table with one row."""
    (line,) = lines(content)
    assert line.event is not None, line.findings
    return line.event


def found(line: Line) -> list[tuple[str, str | None, str | None]]:
    """Code, field and column of everything wrong with a row."""
    return [(f.problem.code.value, f.problem.field, f.column) for f in line.findings]


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The same without characters that no spreadsheet keeps."""
    if isinstance(value, str):
        return "".join(c for c in value if c.isprintable()).strip() or "x"
    if isinstance(value, list):
        return [plain(one) for one in value]
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def as_of(mapping: TableMapping, event: Event[Data]) -> Event[Data]:
    """The event as its party would say it in such a table."""
    context = event.context.model_dump(mode="json", exclude_none=True) | mapping.constants
    context |= {"source": f"//kurze-wege/{PARTY}/{mapping.system}"}
    context |= {"dataschema": event.data.schema_uri()}
    for unsaid in ("sender", "rule", "recordedtime", "sourcesequence", "traceparent"):
        context.pop(unsaid, None)
    data = plain(event.data.model_dump(mode="json", exclude_none=True))
    try:
        return read_event(context, json.dumps(data).encode())
    except Unreadable:
        reject()


def flat(value: Any, above: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    """Every leaf with its dotted name; a list of texts is a leaf."""
    if isinstance(value, dict) or (
        isinstance(value, list) and value and isinstance(value[0], dict)
    ):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from flat(one, f"{above}.{name}" if above else str(name))
    else:
        yield above, value


def cell(value: Any, column: Column) -> str:  # noqa: ANN401 - JSON
    """A value as somebody would write it."""
    if column.kind == "date":
        return f"{date.fromisoformat(value):%d.%m.%Y}" if int(value[:4]) > 999 else str(value)
    if column.kind == "moment":
        return datetime.fromisoformat(value).isoformat(sep=" ")
    if column.kind == "yes-no":
        return "ja" if value else "nein"
    if column.kind == "list":
        return ", ".join(value)
    codes = {code: word for word, code in column.words.items()}
    return codes.get(value, str(value))


def row_of(event: Event[Data], mapping: TableMapping) -> dict[str, str]:
    """The event as a row of a table."""
    said = dict(flat(event.context.model_dump(mode="json", exclude_none=True)))
    data = event.data.model_dump(mode="json", exclude_none=True)
    said |= {DATA + name: value for name, value in flat(data)}
    return {
        name: cell(said[column.to], column) if column.to in said else ""
        for name, column in mapping.columns.items()
    }


@pytest.mark.parametrize("mapping", defaults(), ids=lambda mapping: mapping.name)
@FEW
@given(st.data())
def test_events_written_as_rows_come_back(mapping: TableMapping, data: st.DataObject) -> None:
    """Whatever an event of the type says stands in the table's columns and is read from them."""
    drawn = data.draw(st.lists(events(BY_WIRE_TYPE[mapping.type]), min_size=1, max_size=3))
    written = [as_of(mapping, event) for event in drawn]
    assume(all(len(getattr(event.data, "schedules", ())) <= 3 for event in written))
    content = table([row_of(event, mapping) for event in written])
    assert [line.event for line in lines(content, mapping.files[0])] == written


@PATIENT
@given(st.lists(st.binary(max_size=40) | st.just(b";".join([b"x"] * 12)), max_size=10))
def test_no_row_is_lost(raw: list[bytes]) -> None:
    """Whatever stands below the header, every byte of it is in a row or in an empty one."""
    head = ";".join(MOVE).encode() + b"\n"
    content = head + b"\n".join(raw)
    stream = io.BytesIO(content)
    rows = Table(stream, read_head(stream, "umzuege.csv", ()), PARTY, "d" * 64)
    read = [line for line in rows.read(Place()) if line is not None]
    assert all(line.findings for line in read)
    kept = b"".join(line.raw for line in read)
    left_out = content[len(head) :]
    for line in read:
        left_out = left_out.replace(line.raw, b"", 1)
    assert len(kept) + len(left_out) == len(content) - len(head)
    assert not left_out.strip(b'\r\n; "\x0b\x0c\t\x1c\x1d\x1e\x1f\x85\xa0\xc2\xe2\x80\x81\xe3')


def test_reads_what_excel_saves() -> None:
    """Byte order mark, semicolons, CRLF, German dates, lost zeros, a quoted line break."""
    note = {"Zusatz neu": "Hinterhaus,\r\n2. Stock", "Straße neu": "Weg; links"}
    home = {"Hausnummer neu": "7a", "PLZ neu": "1067", "Ort neu": "Babenhausen"}
    event = only(table([MOVE | {"AGS alt": "6432005"} | note | home]))
    said = event.data.model_dump(mode="json")
    assert said["old_ags"] == "06432005"
    assert said["person"]["birth_date"] == "1961-02-23"
    assert said["new_address"]["postal_code"] == "01067"
    assert said["new_address"]["additional"] == "Hinterhaus,\n2. Stock"
    assert said["new_address"]["street"] == "Weg; links"
    assert event.context.time.isoformat() == "2026-03-02T09:15:00+01:00"


def test_excels_line_naming_the_delimiter_is_understood() -> None:
    """The line `sep=,` above the header names the delimiter."""
    content = table([MOVE], ",").removeprefix(BOM)
    assert only(BOM + b"sep=,\r\n" + content) == only(BOM + b"SEP=,\n" + content)


def test_rows_that_excel_left_empty_do_not_count() -> None:
    """Rows of nothing but delimiters, and empty columns at the end, are passed over."""
    header, row = table([MOVE]).splitlines()
    content = b"\r\n".join([header + b";;", row + b";;", b";" * 14, b"", b"  "])
    assert len(lines(content)) == 1


def test_decomposed_umlauts_in_header_and_name_are_the_same() -> None:
    """A table that went through a Mac is the same table."""
    content = table([MOVE | {"Straße neu": "", "Zusatz alt": ""}]).decode()
    name = "umzu\u0308ge.csv"
    decomposed = content.replace("ü", "u\u0308").encode()
    assert [bool(line.event) for line in lines(decomposed, name)] == [True]


def test_ids_are_derived_from_content_and_line() -> None:
    """A row without an id gets the same one each time, another one than any other row."""
    content = table([MOVE, MOVE])
    first, second = lines(content)
    again, _ = lines(content)
    assert first.event is not None
    assert again.event == first.event
    assert second.event is not None
    assert first.event.context.id != second.event.context.id


def test_an_id_of_its_own_stays() -> None:
    """A row that has an id keeps it."""
    assert only(table([MOVE | {"Kennung": "um-7"}])).context.id == "um-7"


def test_reading_goes_on_behind_any_row() -> None:
    """From behind a row, exactly the rows after it are read, as they were."""
    content = table([MOVE | {"Vorgang": f"U-{n}", "Zusatz alt": "a\r\nb"} for n in range(4)])
    stream = io.BytesIO(content)
    rows = Table(stream, read_head(stream, "umzuege.csv", ()), PARTY, "d" * 64)
    whole = list(rows.read(Place()))
    for nth, line in enumerate(whole):
        assert line is not None
        assert list(rows.read(line.after)) == whole[nth + 1 :]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"Rechtsgrundlage": ""},
            [("legal-basis-missing", "legalbasis", "Rechtsgrundlage")],
        ),
        (
            {"Geburtsdatum": "31.02.1961"},
            [("field-invalid", "person.birth_date", "Geburtsdatum")],
        ),
        (
            {"Zeitpunkt": "heute", "Familienname": ""},
            [
                ("attribute-invalid", "time", "Zeitpunkt"),
                ("field-missing", "person.family_name", "Familienname"),
            ],
        ),
        ({"Gemeldet von": "Nachbar"}, [("field-invalid", "reported_by", "Gemeldet von")]),
        ({"AGS neu": "Darmstadt"}, [("field-invalid", "new_ags", "AGS neu")]),
    ],
)
def test_names_line_column_field_and_reason(
    change: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    """A bad row says in which line and column what is wrong, by the contract's codes."""
    good, bad = lines(table([MOVE, MOVE | change]))
    assert good.event is not None
    assert bad.number == 3
    assert found(bad) == expected


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"U-2;cut off", ProblemCode.VALUE_UNREADABLE),
        (b";" * 12 + b"too many", ProblemCode.FIELD_UNKNOWN),
        (b'U-2;"open', ProblemCode.VALUE_UNREADABLE),
        (b'U-2;"ab"c;' + b";" * 9, ProblemCode.VALUE_UNREADABLE),
        (b"U-2;Wei\xdf" + b";" * 10, ProblemCode.VALUE_UNREADABLE),
        (b"U-2;\0" + b";" * 10, ProblemCode.VALUE_UNREADABLE),
        (b"x" * 2**21, ProblemCode.EVENT_TOO_LARGE),
        (b"x" * 200_000 + b";" * 11, ProblemCode.VALUE_UNREADABLE),
    ],
)
def test_a_row_that_is_none_costs_only_itself(row: bytes, code: ProblemCode) -> None:
    """Cut off, too long, wrongly quoted or encoded: one row is refused, the others are read."""
    header, good = table([MOVE]).splitlines()
    first, bad, last = lines(b"\r\n".join([header, good, row, good]))
    assert first.event is not None
    assert [finding.problem.code for finding in bad.findings] == [code]
    assert last.event is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (table([{"Vorgang": "1", "Haustier": "Hund"}]), "Column B of the header row is not"),
        (table([MOVE]).replace(b"AGS alt", b"Vorgang"), "Column I of the header row stands"),
        (table([MOVE], ","), "Column A"),
        (b"\n\n", "empty"),
        (b";;;\n", "empty"),
        (b'"Vorgang;\n', "no header row"),
        (b"x" * 2**21, "no header row"),
        (";".join(MOVES.columns).encode("cp1252"), "save the file as UTF-8"),
        ("\ufeffVorgang;Zeitpunkt".encode("utf-16-le"), "UTF-16"),
        (BOM + b"Vorgang\rU-1\rU-2", "no row of a table"),
    ],
)
def test_a_table_without_its_header_is_refused(content: bytes, words: str) -> None:
    """What stands above the rows must fit the mapping; what is wrong is said without quoting."""
    with pytest.raises(FileRefused) as refused:
        lines(content)
    assert words in refused.value.problem.detail
    assert "Haustier" not in refused.value.problem.detail


def test_the_header_row_tells_the_mapping_where_the_name_does_not() -> None:
    """A table of any name is read by the first mapping whose columns it has."""
    (line,) = lines(table([MOVE]), "export-0815.csv")
    assert line.event is not None
    assert line.event.context.type == MOVES.type
    with pytest.raises(FileRefused, match="fits no mapping"):
        lines(table([{"Haustier": "Hund"}]), "export-0815.csv")


def test_a_partys_own_mapping_comes_first() -> None:
    """A party may name its columns itself, and its mapping replaces a default of its name."""
    own = parse(
        "umzuege",
        """
        type = "address-change.withdrawn.v1"
        files = ["umzuege*.csv"]
        delimiter = ","
        ignore = ["Bemerkung"]
        [constants]
        purpose = "residence"
        legalbasis = "bmg-34"
        dataclassification = "social"
        recipient = "{party}"
        [columns]
        "Az" = "subject"
        "wann" = { to = "time", as = "moment" }
        "was" = "data.withdraws"
        "warum" = "data.reason"
        """,
    )
    row = {"Az": "U-1", "wann": "02.03.2026", "was": "um-1", "warum": "did_not_happen"}
    (line,) = lines(table([row | {"Bemerkung": "x"}], ","), "umzuege.csv", own)
    assert line.event is not None
    assert line.event.context.recipient == PARTY
    assert line.event.context.source == f"//kurze-wege/{PARTY}/file-drop"
    with pytest.raises(FileRefused):
        lines(table([MOVE]), "umzuege.csv", own)


def test_every_row_stands_for_itself() -> None:
    """An event differs from another row's in what the row says, and in its id."""
    first, second = lines(table([MOVE, MOVE | {"Vorgang": "U-2"}]))
    assert first.event is not None
    assert second.event is not None
    own = {"id": first.event.context.id, "subject": "U-1"}
    assert replace(second.event, context=second.event.context.model_copy(update=own)) == first.event
