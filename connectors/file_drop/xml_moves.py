"""An XML list of moves, in the manner of XMeld: one `<umzug>`, one event."""

from collections.abc import Iterator
from typing import BinaryIO, ClassVar, Final
from xml.etree.ElementTree import Element, tostring

from pydantic import JsonValue

from connectors.file_drop.mapping import derived_id, event_of, own_attributes
from connectors.file_drop.nesting import nested
from connectors.file_drop.reading import Finding, Line, Place
from connectors.file_drop.xml_parser import ROOT, Move, moves
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.problems import Problem, ProblemCode, problem
from schemas.vocabulary import Classification

KINDS: Final = {
    "umzug": "address-change.reported.v1",
    "berichtigung": "address-change.corrected.v1",
    "ruecknahme": "address-change.withdrawn.v1",
}
"""What each child of the root says."""
_HOME: Final = {
    "strasse": "street",
    "hausnummer": "house_number",
    "zusatz": "additional",
    "postleitzahl": "postal_code",
    "ort": "city",
}
ATTRIBUTES: Final = {
    "kopf/id": "id",
    "kopf/vorgang": "subject",
    "kopf/zeitpunkt": "time",
    "kopf/zweck": "purpose",
    "kopf/rechtsgrundlage": "legalbasis",
    "kopf/empfaenger": "recipient",
    "kopf/gehoertZu": "correlationid",
    "kopf/folgtAuf": "causationid",
}
"""The context attribute in each element."""
FIELDS: Final = {
    "person/kennung": "person.client_id",
    "person/familienname": "person.family_name",
    "person/vornamen": "person.given_names",
    "person/geburtsdatum": "person.birth_date",
    "bisherigeWohnung/ags": "old_ags",
    **{f"bisherigeWohnung/{tag}": f"old_address.{field}" for tag, field in _HOME.items()},
    "neueWohnung/ags": "new_ags",
    **{f"neueWohnung/{tag}": f"new_address.{field}" for tag, field in _HOME.items()},
    "einzugsdatum": "valid_from",
    "gemeldetVon": "reported_by",
    "fallBei": "case_open_at",
    "auskunftssperre": "disclosure_blocked",
    "berichtigt": "corrects",
    "nimmtZurueck": "withdraws",
    "grund": "reason",
}
"""The field of the data in each element."""
_GROUPS: Final = {path.partition("/")[0] for path in (*ATTRIBUTES, *FIELDS) if "/" in path}
_BOOLEANS: Final[dict[str, JsonValue]] = {"true": True, "1": True, "false": False, "0": False}
SYSTEM: Final = "melderegister"


class Moves:
    """A list of moves; it goes only if it is well-formed to its end."""

    name: ClassVar[str] = "xml"
    head: ClassVar[bytes] = f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT}>\n'.encode()
    tail: ClassVar[bytes] = f"</{ROOT}>\n".encode()

    def __init__(self, stream: BinaryIO, party: str, digest: str) -> None:
        """Read from this stream; the digest of the whole file makes the ids it lacks."""
        self._stream = stream
        self._party = party
        self._digest = digest

    def check(self) -> Iterator[None]:
        """Parse it to its end; raises FileRefused."""
        for _ in moves(self._stream):
            yield None

    def read(self, place: Place) -> Iterator[Line | None]:
        """One event or its problems for each move; a place counts moves."""
        for move in moves(self._stream):
            if move is None or move.number <= place.offset:
                yield None
            else:
                yield self._line(move)

    def _line(self, move: Move) -> Line:
        kind = KINDS.get(move.element.tag)
        if kind is None:
            detail = f"A child of <{ROOT}> must be one of: {', '.join(KINDS)}."
            return _bad(move, problem(ProblemCode.EVENT_TYPE_UNKNOWN, detail))
        try:
            event = self._event(kind, move)
        except Unreadable as unreadable:
            return _bad(move, *unreadable.problems)
        return Line(move.line, _after(move), move.size, event)

    def _event(self, kind: str, move: Move) -> Event[Data]:
        attributes = {
            "id": derived_id(self._party, self._digest, move.number),
            "purpose": "residence",
            "dataclassification": Classification.SOCIAL.value,
            **own_attributes(kind, self._party, SYSTEM),
        }
        data: dict[str, JsonValue] = {}
        for path, text in _leaves(move.element):
            if path in ATTRIBUTES:
                attributes[ATTRIBUTES[path]] = text
            elif path == "auskunftssperre":
                data[FIELDS[path]] = _BOOLEANS.get(text, text)
            else:
                data[FIELDS[path]] = text
        return event_of(attributes, nested(data.items()), self._party)


def _after(move: Move) -> Place:
    return Place(move.number, move.line)


def _bad(move: Move, *problems: Problem) -> Line:
    findings = tuple(Finding(found) for found in problems)
    raw = tostring(move.element, "unicode").strip().encode() + b"\n"
    return Line(move.line, _after(move), move.size, findings=findings, raw=raw)


def _leaves(element: Element) -> Iterator[tuple[str, str]]:
    """Each path of the format with its text; raises Unreadable where anything else stands."""
    seen: set[str] = set()
    for path, leaf in _paths(element):
        if path not in ATTRIBUTES.keys() | FIELDS.keys() or leaf.attrib or len(leaf):
            raise _unknown("An element or an XML attribute is not part of this format.")
        if path in seen:
            raise _unknown(f"The element {path} stands there twice.")
        seen.add(path)
        text = (leaf.text or "").strip()
        if text:
            yield path, text


def _paths(element: Element, above: str = "") -> Iterator[tuple[str, Element]]:
    if element.attrib or (element.text or "").strip():
        raise _unknown("An XML attribute or text stands where only elements may stand.")
    for child in element:
        if (child.tail or "").strip():
            raise _unknown("Text stands where only elements may stand.")
        if not above and child.tag in _GROUPS:
            yield from _paths(child, f"{child.tag}/")
        else:
            yield above + child.tag, child


def _unknown(detail: str) -> Unreadable:
    return Unreadable([problem(ProblemCode.FIELD_UNKNOWN, detail)], {})
