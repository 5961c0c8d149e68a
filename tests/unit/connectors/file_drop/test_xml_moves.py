"""XML lists of moves: moves written come back, and nothing hostile gets anywhere."""

import io
import re
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.file_drop.reading import FileRefused, Line, Place
from connectors.file_drop.xml_moves import ATTRIBUTES, FIELDS, KINDS, SYSTEM, Moves
from connectors.file_drop.xml_parser import ROOT, moves
from schemas.data import Data
from schemas.envelope import Event
from schemas.events import BY_WIRE_TYPE
from schemas.model import Frozen
from schemas.problems import ProblemCode
from schemas.vocabulary import Classification
from tests.support.move_list import move_list
from tests.support.patience import FEW
from tests.support.strategies import events

PARTY = "06432005"
MOVE = """
  <ruecknahme>
    <kopf><vorgang>U-1</vorgang><zeitpunkt>2026-03-02T09:00:00Z</zeitpunkt>
      <rechtsgrundlage>bmg-34</rechtsgrundlage></kopf>
    <nimmtZurueck>um-1</nimmtZurueck>
    <grund>did_not_happen</grund>
  </ruecknahme>"""
XSD = Path("connectors/file_drop/umzuege.xsd")
UNPRINTABLE = re.compile(r"[^\t -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(inside: str) -> bytes:
    """A list with these children."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT}>{inside}</{ROOT}>\n'.encode()


def lines(content: bytes, place: Place | None = None) -> list[Line]:
    """Every move, after the whole document was looked at."""
    listed = Moves(io.BytesIO(content), PARTY, "d" * 64)
    list(listed.check())
    return [line for line in listed.read(place or Place()) if line is not None]


def refusal(content: bytes) -> FileRefused:
    """Why a document is refused."""
    with pytest.raises(FileRefused) as refused:
        lines(content)
    return refused.value


def as_of_a_register(event: Event[Data]) -> Event[Data]:
    """The event as a register of the party says it, in characters that XML has."""
    told = {
        "source": f"//kurze-wege/{PARTY}/{SYSTEM}",
        "dataschema": event.data.schema_uri(),
        "dataclassification": Classification.SOCIAL,
        "recipient": None,
        "sender": None,
        "rule": None,
        "recordedtime": None,
        "sourcesequence": None,
        "traceparent": None,
    }
    data = _in_xml_characters(event.data)
    return replace(event, context=event.context.model_copy(update=told), data=data)


def _in_xml_characters(value: Any) -> Any:  # noqa: ANN401 - a model or a field of it
    if isinstance(value, Frozen):
        fields = {name: _in_xml_characters(inside) for name, inside in value}
        return value.model_copy(update=fields)
    if type(value) is str:
        return UNPRINTABLE.sub("x", value).strip() or "x"
    return value


@FEW
@given(st.lists(events(*(BY_WIRE_TYPE[kind] for kind in KINDS.values())), max_size=4))
def test_moves_written_as_xml_come_back(said: Sequence[Event[Data]]) -> None:
    """Whatever a move, a correction or a withdrawal says is read from the document."""
    written = [as_of_a_register(event) for event in said]
    text, begins = move_list(written)
    found = lines(text.encode())
    assert [line.event for line in found] == written
    assert [line.number for line in found] == begins


def test_ids_are_derived_where_there_are_none() -> None:
    """A move without an id gets the same one each time, another one than any other move."""
    content = document(MOVE * 2)
    first, second = (line.event for line in lines(content))
    assert first is not None
    assert second is not None
    assert first.context.id != second.context.id
    assert [line.event for line in lines(content)] == [first, second]


def test_reading_goes_on_behind_any_move() -> None:
    """From behind a move, exactly the moves after it are read, as they were."""
    content = document(MOVE * 5)
    whole = lines(content)
    for nth, line in enumerate(whole):
        assert lines(content, line.after) == whole[nth + 1 :]


def test_an_empty_list_is_a_list() -> None:
    """A day without moves is no fault."""
    assert lines(document("")) == []


@pytest.mark.parametrize(
    ("move", "code", "field"),
    [
        (MOVE.replace("bmg-34", "  "), ProblemCode.LEGAL_BASIS_MISSING, "legalbasis"),
        (MOVE.replace("U-1", "?"), ProblemCode.ATTRIBUTE_INVALID, "subject"),
        (MOVE.replace("did_not_happen", "darum"), ProblemCode.FIELD_INVALID, "reason"),
        (MOVE.replace("<grund>", "<x/><grund>"), ProblemCode.FIELD_UNKNOWN, None),
        (MOVE.replace("<grund>", "<grund>a</grund><grund>"), ProblemCode.FIELD_UNKNOWN, None),
        (MOVE.replace("<grund>", "<grund id='1'>"), ProblemCode.FIELD_UNKNOWN, None),
        (MOVE.replace("<grund>", "text<grund>"), ProblemCode.FIELD_UNKNOWN, None),
        (MOVE.replace("<ruecknahme>", "<ruecknahme a='1'>"), ProblemCode.FIELD_UNKNOWN, None),
        (MOVE.replace("did_not_happen", "<b/>"), ProblemCode.FIELD_UNKNOWN, None),
        (MOVE.replace("ruecknahme", "anmeldung"), ProblemCode.EVENT_TYPE_UNKNOWN, None),
        (
            "\n<umzug><auskunftssperre>ja</auskunftssperre></umzug>",
            ProblemCode.FIELD_INVALID,
            "disclosure_blocked",
        ),
    ],
)
def test_a_bad_move_costs_only_itself(move: str, code: ProblemCode, field: str | None) -> None:
    """One move is refused with line, field and reason; the others are read."""
    first, bad, last = lines(document(MOVE + move + MOVE))
    assert first.event is not None
    assert last.event is not None
    assert bad.event is None
    assert bad.number == 9
    found = [(finding.problem.code, finding.problem.field) for finding in bad.findings]
    assert (code, field) in found


def test_a_bad_move_can_be_given_back_and_corrected() -> None:
    """What is given back is a document again, and right once the fault is corrected."""
    (bad,) = lines(document(MOVE.replace("U-1", "U 1 ä")))
    again = Moves.head + bad.raw + Moves.tail
    (still_bad,) = lines(again)
    assert still_bad.findings == bad.findings
    (good,) = lines(again.replace("U 1 ä".encode(), b"U-1"))
    assert good.event is not None


LAUGHS = "".join(f'<!ENTITY a{n} "{10 * f"&a{n - 1};"}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE b [<!ENTITY a0 "haha">{LAUGHS}]><{ROOT}>&a9;</{ROOT}>'
LOCAL = 'SYSTEM "http://127.0.0.1:1/umzuege.dtd"'
HOSTILE = {
    "billion laughs": BOMB,
    "one huge entity": f'<!DOCTYPE b [<!ENTITY a "{"x" * 9999}">]><{ROOT}>{"&a;" * 9999}</{ROOT}>',
    "a file of this machine": f'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><{ROOT}>&a;'
    f"</{ROOT}>",
    "a parameter entity": f"<!DOCTYPE b [<!ENTITY % a {LOCAL}> %a;]><{ROOT}/>",
    "an external DTD": f"<!DOCTYPE {ROOT} {LOCAL}><{ROOT}/>",
    "a harmless DTD": f"<!DOCTYPE {ROOT}><{ROOT}/>",
    "a DTD with defaults": f'<!DOCTYPE {ROOT} [<!ATTLIST {ROOT} version CDATA "1">]><{ROOT}/>',
    "an entity nobody declared": f"<{ROOT}>&nbsp;</{ROOT}>",
    "elements without end": "<umzuege>" + "<a>" * 100_000,
    "elements too deep": f"<{ROOT}>" + "<a>" * 50 + "</a>" * 50 + f"</{ROOT}>",
    "another root": "<html/>",
    "a root in a namespace": f'<{ROOT} xmlns="urn:x"/>',
    "a root with attributes": f'<{ROOT} a="1"/>',
    "text between the moves": f"<{ROOT}>hier</{ROOT}>",
    "cut off": document(MOVE).decode()[:-20],
    "something behind its end": document(MOVE).decode() + "<x/>",
    "two documents": document(MOVE).decode() * 2,
    "not closed": f"<{ROOT}><umzug></{ROOT}>",
    "no XML": "Vorgang;Zeitpunkt",
    "blank": "   \n",
    "a character XML forbids": document(MOVE.replace("U-1", "\x07")).decode(),
    "an attribute twice": f'<{ROOT} version="1" version="2"/>',
    "an unknown encoding": f'<?xml version="1.0" encoding="x-klingon"?><{ROOT}/>',
    "an encoding of many bytes": f'<?xml version="1.0" encoding="shift_jis"?><{ROOT}/>',
    "an encoding it has not": f'<?xml version="1.0" encoding="utf-16"?><{ROOT}/>',
    "an included document": f'<{ROOT}><xi:include href="file:///etc/passwd"/></{ROOT}>',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_documents_are_refused(content: str) -> None:
    """DTDs, entities, depth, other documents: refused with a code and a line, quoting nothing."""
    refused = refusal(content.encode())
    assert refused.problem.code == ProblemCode.VALUE_UNREADABLE
    assert refused.line >= 1
    assert not re.search("passwd|127|haha|hier|klingon", refused.problem.detail)


def test_a_document_that_is_not_in_its_encoding_is_refused() -> None:
    """Windows-1252 that says it is UTF-8 is refused; said as it is, it is read."""
    text = document(MOVE.replace("did_not_happen", "ä")).decode()
    assert refusal(text.encode("cp1252")).line == 7
    told = text.replace("UTF-8", "windows-1252").encode("cp1252")
    assert len(lines(told)) == 1


def endless(piece: bytes, before: bytes) -> Iterator[bytes]:
    """A document that goes on for 64 MiB."""
    yield before
    for _ in range(64 * 2**20 // len(piece)):
        yield piece


class Stream(io.RawIOBase):
    """Pieces as a stream that cannot be loaded at once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Read these."""
        self._pieces = pieces

    def seek(self, offset: int, whence: int = 0) -> int:
        """Only to the beginning, before anything is read."""
        return offset + whence

    def read(self, _size: int = -1) -> bytes:
        """The next piece."""
        return next(self._pieces, b"")


@pytest.mark.parametrize(
    ("before", "piece"),
    [
        (b"<umzuege><umzug>", b"x" * 65_536),
        (b"<umzuege><umzug>", b"<a/>" * 16_384),
        (b"<umzuege><umzug a='", b"x" * 65_536),
        (b"<umzuege><!--", b"x" * 65_536),
        (b"<umzuege><umzug><![CDATA[", b"x" * 65_536),
        (b"<umzuege>", b" " * 65_536),
        (b"<umzuege ", b"a" * 65_536),
        (b"<?", b"a" * 65_536),
    ],
)
def test_nothing_endless_is_held(before: bytes, piece: bytes) -> None:
    """A move, a tag or a comment without end is refused long before it fills the memory."""
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused):
            list(moves(Stream(endless(piece, before))))  # type: ignore[arg-type]  # reads, no more
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * 2**20


def test_the_description_says_what_is_read() -> None:
    """The XSD declares every element that is read, and none that is not."""
    schema = Element("none")
    for event, element in _parsed(XSD):
        schema = element if event == "end" else schema
    declared = {element.get("name") for element in schema.iter() if element.get("name")}
    read = {part for path in (*ATTRIBUTES, *FIELDS) for part in path.split("/")}
    types = {name for name in declared if name and name[0].isupper()}
    assert declared - types == read | KINDS.keys() | {ROOT, "version"}


def _parsed(path: Path) -> Iterator[tuple[str, Element]]:
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - used here only

    yield from iterparse(path)
