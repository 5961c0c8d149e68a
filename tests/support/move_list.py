"""A register's list of moves as XML, in the manner of XMeld."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from schemas.data import Data
from schemas.envelope import Event

TAGS: Final = {
    "address-change.reported.v1": "umzug",
    "address-change.corrected.v1": "berichtigung",
    "address-change.withdrawn.v1": "ruecknahme",
}
HEAD: Final = {
    "id": "id",
    "vorgang": "subject",
    "zeitpunkt": "time",
    "zweck": "purpose",
    "rechtsgrundlage": "legalbasis",
    "gehoertZu": "correlationid",
    "folgtAuf": "causationid",
}
PERSON: Final = {
    "kennung": "client_id",
    "familienname": "family_name",
    "vornamen": "given_names",
    "geburtsdatum": "birth_date",
}
HOME: Final = {
    "strasse": "street",
    "hausnummer": "house_number",
    "zusatz": "additional",
    "postleitzahl": "postal_code",
    "ort": "city",
}
PLAIN: Final = {
    "einzugsdatum": "valid_from",
    "gemeldetVon": "reported_by",
    "fallBei": "case_open_at",
    "auskunftssperre": "disclosure_blocked",
    "berichtigt": "corrects",
    "nimmtZurueck": "withdraws",
    "grund": "reason",
}


def move_list(events: Sequence[Event[Data]]) -> tuple[str, list[int]]:
    """The document, and the line in which each move begins."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<umzuege>"]
    begins = []
    for event in events:
        begins.append(len(lines) + 1)
        lines += _move(event)
    return "\n".join([*lines, "</umzuege>"]) + "\n", begins


def _move(event: Event[Data]) -> Iterator[str]:
    attributes = event.context.model_dump(mode="json", exclude_none=True)
    data = event.data.model_dump(mode="json", exclude_none=True)
    tag = TAGS[event.context.type]
    yield f"  <{tag}>"
    yield from _group("kopf", HEAD, attributes)
    yield from _group("person", PERSON, data.get("person", {}))
    for group, which in (("bisherigeWohnung", "old"), ("neueWohnung", "new")):
        home = {"ags": data.get(f"{which}_ags")} | data.get(f"{which}_address", {})
        yield from _group(group, {"ags": "ags"} | HOME, home)
    for name, field in PLAIN.items():
        yield from _leaf("    ", name, data.get(field))
    yield f"  </{tag}>"


def _group(name: str, fields: dict[str, str], values: dict[str, Any]) -> Iterator[str]:
    inside = [
        line for tag, field in fields.items() for line in _leaf("      ", tag, values.get(field))
    ]
    if inside:
        yield f"    <{name}>"
        yield from inside
        yield f"    </{name}>"


def _leaf(indent: str, tag: str, value: object) -> Iterator[str]:
    if value is not None:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield f"{indent}<{tag}>{escape(text)}</{tag}>"
