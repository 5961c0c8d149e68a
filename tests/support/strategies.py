"""Hypothesis strategies that say whatever the contract allows, made from its JSON Schemas."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from pydantic_core import to_json

from schemas.codec import read
from schemas.data import Data
from schemas.documents import ENVELOPE, schemas
from schemas.envelope import ENCRYPTED_AS, SEAL, SIGNATURE, Event
from schemas.events import ALL
from schemas.vocabulary import MUNICIPAL_SERVICES

Json = dict[str, Any]
CONTRACT: Final = schemas()
NEWEST: Final = tuple({model.TYPE: model for model in ALL}.values())
"""The newest version of every event type."""
OFFSETS: Final = st.sampled_from((0, 60, 120, -300, 330)).map(
    lambda minutes: timezone(timedelta(minutes=minutes)) if minutes else UTC
)
MOMENTS: Final = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=OFFSETS)  # noqa: DTZ001


@cache
def data_json(wire_type: str) -> st.SearchStrategy[Json]:
    """The data of an event, as its JSON Schema and its rules between fields allow them."""
    schema = CONTRACT[wire_type]
    return _value(schema, schema).map(RULES.get(wire_type, lambda said: said))


@cache
def attributes(wire_type: str) -> st.SearchStrategy[dict[str, str]]:
    """The context attributes of an event of this type; none is empty (CloudEvents 1.0).

    Without signature and seal: a signed event is no other, and goes on as it was written.
    """
    schema = CONTRACT[ENVELOPE]
    said = dict(schema["properties"])
    for name in ("data", "datacontenttype", SIGNATURE, SEAL, ENCRYPTED_AS):
        del said[name]
    required = [name for name in schema["required"] if name in said]
    fields = {"type": "object", "properties": said, "required": required}
    return _value(fields, schema).map(
        lambda found: {name: text for name, text in found.items() if text} | {"type": wire_type}
    )


@cache
def events(*models: type[Data]) -> st.SearchStrategy[Event[Data]]:
    """Events of these types; of every type in its newest version when none is named."""
    return st.sampled_from(models or NEWEST).flatmap(
        lambda model: st.builds(
            lambda said, data: read(said, to_json(data)),
            attributes(model.wire_type()),
            data_json(model.wire_type()),
        )
    )


def _value(node: Mapping[str, Any], document: Json) -> st.SearchStrategy[Any]:
    while "$ref" in node:
        node = document["$defs"][node["$ref"].rpartition("/")[2]]
    if "anyOf" in node:
        ways = [way for way in node["anyOf"] if way.get("type") != "null"]
        return st.one_of([_value(way, document) for way in ways])
    if "enum" in node:
        return st.sampled_from(node["enum"])
    return _KINDS[node["type"]](node, document)


def _object(node: Mapping[str, Any], document: Json) -> st.SearchStrategy[Json]:
    fields = {name: _value(field, document) for name, field in node["properties"].items()}
    required = {name: fields.pop(name) for name in node.get("required", ())}
    return st.fixed_dictionaries(required, optional=fields)


def _array(node: Mapping[str, Any], document: Json) -> st.SearchStrategy[list[Any]]:
    fewest = node.get("minItems", 0)
    most = min(node.get("maxItems", 3), fewest + 3)
    return st.lists(_value(node["items"], document), min_size=fewest, max_size=most)


def _string(node: Mapping[str, Any], _document: Json) -> st.SearchStrategy[str]:
    if "pattern" in node:
        return st.from_regex(node["pattern"], fullmatch=True)
    if node.get("format") == "date":
        return st.dates().map(lambda day: day.isoformat())
    if node.get("format") == "date-time":
        return MOMENTS.map(lambda moment: moment.isoformat())
    fewest = node.get("minLength", 0)
    text = st.text(min_size=fewest, max_size=min(node.get("maxLength", 80), fewest + 80))
    return text.filter(lambda said: len(said.strip()) >= fewest)


def _integer(node: Mapping[str, Any], _document: Json) -> st.SearchStrategy[int]:
    return st.integers(node.get("minimum", -(2**63)), node.get("maximum", 2**63 - 1))


def _boolean(_node: Mapping[str, Any], _document: Json) -> st.SearchStrategy[bool]:
    return st.booleans()


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any], Json], st.SearchStrategy[Any]]]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "boolean": _boolean,
}


def _pilot_referral(said: Json) -> Json:
    if said["service"] == "local_offer":
        return said | {"service": "benefit_advice"}
    return said


def _referral(said: Json) -> Json:
    left_out = set() if said["service"] == "local_offer" else {"offer_id"}
    if said["service"] in MUNICIPAL_SERVICES:
        left_out.add("note")
    named = {"offer_id": "offer-1"} if said["service"] == "local_offer" else {}
    return named | {name: value for name, value in said.items() if name not in left_out}


def _status(said: Json) -> Json:
    status = said["status"]
    said = dict(said)
    if status in {"rejected", "on-hold", "cancelled", "failed", "cancellation-requested"}:
        said.setdefault("reason", "duplicate")
    if status in {"appointment-made", "appointment-moved"}:
        said.setdefault("appointment", {"place": "phone", "at": "2026-03-09T14:00:00+01:00"})
    if status != "completed":
        said.pop("outcome", None)
    if status == "forwarded":
        said.setdefault("new_owner", "kfb")
    else:
        said.pop("new_owner", None)
    return said


RULES: Final[Mapping[str, Callable[[Json], Json]]] = {
    "referral.requested.v0": _pilot_referral,
    "referral.requested.v1": _referral,
    "referral.status-changed.v1": _status,
}
"""What makes data fit the rules between fields, which no JSON Schema says."""
