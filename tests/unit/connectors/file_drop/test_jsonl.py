"""JSON lines: each an event of the contract from the folder's party, or a problem with a name."""

import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.file_drop.jsonl import JsonLines
from connectors.file_drop.reading import FileRefused, Line, Place
from schemas.data import Data
from schemas.envelope import Event
from schemas.problems import ProblemCode
from schemas.topics import HANDED_IN, MAX_EVENT_BYTES, TAKEN_IN
from tests.support.drop_folder import PARTY, json_lines, offer
from tests.support.patience import FEW, PATIENT
from tests.support.strategies import NEWEST, events
from tests.support.wire_forms import as_text, structured

INPUTS = tuple(model for model in NEWEST if model.TYPE in HANDED_IN)


def read(content: bytes, party: str = PARTY) -> list[Line]:
    """Every line that counts."""
    lines = JsonLines(io.BytesIO(content), party)
    list(lines.check())
    return [line for line in lines.read(Place()) if line is not None]


def codes(line: Line) -> list[str]:
    """What is wrong with a line."""
    return [finding.problem.code for finding in line.findings]


def with_schema(event: Event[Data]) -> Event[Data]:
    """The event with its data's schema named, as an empty name counts as none."""
    named = {"dataschema": event.data.schema_uri()}
    return replace(event, context=event.context.model_copy(update=named))


@FEW
@given(st.lists(events(*INPUTS), max_size=3))
def test_events_written_as_lines_come_back(written: Sequence[Event[Data]]) -> None:
    """Every event of every input type comes back as it was written, or as not this party's."""
    for event in map(with_schema, written):
        (line,) = read(json_lines([event]), event.context.party)
        assert line.event == event
        (line,) = read(json_lines([event]), "0" + event.context.party[:30])
        assert codes(line) == [ProblemCode.SOURCE_MISMATCH]


@PATIENT
@given(st.lists(st.binary(max_size=60) | st.sampled_from(json_lines([offer(1)]).splitlines())))
def test_no_line_is_lost(lines: list[bytes]) -> None:
    """Every line that is not blank is an event or has a finding, whatever stands in it."""
    content = b"\n".join(lines)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = b" " + content
    found = read(content)
    expected = [line for line in content.split(b"\n") if line.removeprefix(b"\xef\xbb\xbf").strip()]
    assert len(found) == len(expected)
    assert all((line.event is None) == bool(line.findings) for line in found)


def test_a_byte_order_mark_does_not_matter() -> None:
    """An editor's byte order mark stands before the first event, not in it."""
    (line,) = read(b"\xef\xbb\xbf" + json_lines([offer(1)]))
    assert line.event == offer(1)


def test_blank_lines_and_crlf_do_not_matter() -> None:
    """Lines may end as on any system, and blank ones count only for the numbers."""
    text = json_lines([offer(1), offer(2)]).replace(b"\n", b"\r\n\r\n")
    assert [(line.number, line.event) for line in read(text)] == [(1, offer(1)), (3, offer(2))]


def test_the_last_line_needs_no_end() -> None:
    """A last line without line end is a line."""
    (line,) = read(json_lines([offer(1)]).rstrip())
    assert line.event == offer(1)


@pytest.mark.parametrize(
    ("spoiled", "words"),
    [
        (as_text(structured(offer(1))).encode("cp1252"), "save the file as UTF-8"),
        (as_text(structured(offer(1))).encode() + b"\0", "NUL"),
        (as_text(structured(offer(1))).encode()[:300], ""),
        (b"[1, 2]", ""),
        (b"null", ""),
        (b"{" * 5_000, ""),
        (b"[" * 60_000, ""),
        (b'{"id":' + b"9" * 10_000 + b"}", ""),
    ],
)
def test_what_is_no_json_object_is_refused(spoiled: bytes, words: str) -> None:
    """Other encodings, NUL bytes and broken JSON are refused; the line can be given back."""
    bad, good = read(spoiled + b"\n" + json_lines([offer(2)]))
    assert codes(bad) == [ProblemCode.VALUE_UNREADABLE]
    assert words in bad.findings[0].problem.detail
    assert bad.raw == spoiled + b"\n"
    assert good.event == offer(2)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_refused_as_a_whole(encoding: str) -> None:
    """Excel's "Unicode text" is named for what it is."""
    with pytest.raises(FileRefused, match="UTF-16"):
        read(("\ufeff" + as_text(structured(offer(1)))).encode(encoding))


def test_only_inputs_may_be_handed_in() -> None:
    """What only the hub says is refused when a party says it."""
    wire = structured(offer(1)) | {
        "type": "reminder.due.v1",
        "data": {"about": "a-1", "due_at": "2026-03-02T09:00:00Z"},
    }
    (line,) = read(as_text(wire).encode())
    assert line.event is None
    made_up = structured(offer(1)) | {"type": "gossip.heard.v1"}
    (line,) = read(as_text(made_up).encode())
    assert codes(line) == [ProblemCode.EVENT_TYPE_UNKNOWN]


@FEW
@given(events(*(model for model in NEWEST if model.TYPE not in TAKEN_IN)))
def test_what_the_hub_says_is_never_taken(event: Event[Data]) -> None:
    """No event of the hub's own comes in by a folder."""
    (line,) = read(json_lines([event]), event.context.party)
    assert codes(line) == [ProblemCode.EVENT_TYPE_UNKNOWN]


def test_names_line_field_and_reason() -> None:
    """A finding says what is wrong where, with the code of the contract."""
    wire = structured(offer(1))
    del wire["legalbasis"]
    wire["data"]["assured_date"] = "31.02.2026"
    (_, line) = read(json_lines([offer(7)]) + as_text(wire).encode())
    assert line.number == 2
    found = {finding.problem.field: finding.problem.code for finding in line.findings}
    assert found == {
        "legalbasis": ProblemCode.LEGAL_BASIS_MISSING,
        "assured_date": ProblemCode.FIELD_INVALID,
    }


def test_an_event_too_large_is_refused() -> None:
    """More than 64 KiB are not carried."""
    wire = structured(offer(1)) | {"comment": "x" * MAX_EVENT_BYTES}
    (line,) = read(as_text(wire).encode())
    assert codes(line) == [ProblemCode.EVENT_TOO_LARGE]


def test_a_line_too_long_to_load_is_refused() -> None:
    """A line of 2 MiB is refused without being loaded; the next one is read."""
    bad, good = read(b"x" * 2**21 + b"\n" + json_lines([offer(1)]))
    assert codes(bad) == [ProblemCode.EVENT_TOO_LARGE]
    assert bad.raw == b""
    assert good.event == offer(1)
