"""Each kind of change that breaks somebody is named in plain words; every other is fine."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas import writing
from schemas.compatibility import incompatible_changes
from schemas.documents import schemas

Json = dict[str, Any]
REFERRAL = "referral.requested.v1"
OFFER = "support-offer.published.v1"
RECEIPT = "receipt.delivered.v1"


def changed(name: str, change: Callable[[Json], object]) -> list[str]:
    """What is said of the contract when one schema was changed since."""
    old = schemas()
    new = copy.deepcopy(old)
    change(new[name])
    return [str(found) for found in incompatible_changes(old, new)]


def client(schema: Json) -> Json:
    """The fields of the client."""
    fields: Json = schema["$defs"]["Client"]["properties"]
    return fields


def test_nothing_changed() -> None:
    """A contract is compatible with itself."""
    assert incompatible_changes(schemas(), schemas()) == []


def test_removed_schema_is_named() -> None:
    """A version that is gone breaks whoever still speaks it."""
    new = schemas()
    del new[REFERRAL]
    assert [str(found) for found in incompatible_changes(schemas(), new)] == [
        "referral.requested v1: the schema was removed; senders that use it would be refused"
    ]


def test_required_field_is_named() -> None:
    """A field that became required breaks senders that leave it out."""

    def change(schema: Json) -> None:
        schema["$defs"]["Client"]["required"].append("phone")

    assert changed(REFERRAL, change) == [
        (
            "referral.requested v1: the field client.phone became required; "
            "senders that leave it out would be refused"
        )
    ]


def test_new_required_field_is_named() -> None:
    """A new field that must be there breaks every sender of today."""

    def change(schema: Json) -> None:
        schema["properties"]["channel"] = {"type": "string"}
        schema["required"].append("channel")

    assert changed(REFERRAL, change) == [
        (
            "referral.requested v1: the field channel is new and required; "
            "senders that do not know it would be refused"
        )
    ]


def test_removed_field_is_named() -> None:
    """A field that is gone breaks senders that give it and readers that use it."""
    assert changed(REFERRAL, lambda schema: client(schema).pop("email")) == [
        (
            "referral.requested v1: the field client.email was removed; "
            "senders that give it would be refused, readers would miss it"
        )
    ]


def test_field_no_longer_required_is_named() -> None:
    """Readers rely on what was always there."""
    assert changed(REFERRAL, lambda schema: schema["required"].remove("wished_place")) == [
        (
            "referral.requested v1: the field wished_place is no longer required; "
            "readers that rely on it would miss it"
        )
    ]


def test_removed_code_is_named() -> None:
    """A code that is gone breaks senders that use it."""

    def change(schema: Json) -> None:
        schema["$defs"]["Service"]["enum"].remove("housing_costs")

    assert changed(REFERRAL, change) == [
        (
            'referral.requested v1: the field service no longer takes "housing_costs"; '
            "senders that say so would be refused"
        )
    ]


@pytest.mark.parametrize(
    ("field", "said", "words"),
    [
        ("ags", {"type": "integer"}, "changed its type from string to integer"),
        ("ags", {"type": ["string", "integer"]}, "may also be integer now; readers do not expect"),
        ("phone", {"type": "string"}, "may only be string now"),
        ("ags", {"pattern": "^06432[0-9]{3}$"}, "has another pattern"),
        ("birth_date", {"format": "date-time"}, "has another format"),
        ("family_name", {"maxLength": 40}, "has a tighter limit: maxLength was 120 and is 40"),
        ("family_name", {"minLength": 2}, "has a tighter limit: minLength was 1 and is 2"),
        ("languages", {"minItems": 1}, "has a tighter limit: minItems was none and is 1"),
        ("languages", {"uniqueItems": True}, "has another uniqueItems"),
        ("ags", {"const": "06432005"}, 'takes only the values "06432005" now'),
        ("ags", {"enum": ["06432005"]}, 'takes only the values "06432005" now'),
        ("given_names", {"x-personal": False}, "is no longer marked personal"),
        ("contact_prohibited", {"default": True}, "means something else when it is left out"),
        ("ags", {"not": {"const": "06432001"}}, "has another not"),
    ],
)
def test_narrowed_field_is_named(field: str, said: Json, words: str) -> None:
    """Type, pattern, format, limit, value, mark and default: each change names the field."""

    def change(schema: Json) -> None:
        if field == "phone":
            client(schema)["phone"] = said
        else:
            client(schema)[field] |= said

    found = changed(REFERRAL, change)
    assert f"referral.requested v1: the field client.{field} {words}" in found[0]


def test_changes_inside_lists_are_named() -> None:
    """The items of a list have a path of their own, and so do the fields of each."""

    def narrow(schema: Json) -> None:
        schema["properties"]["service_area"]["items"]["pattern"] = "^06432[0-9]{3}$"
        schema["$defs"]["Schedule"]["properties"].pop("closes_at")
        schema["$defs"]["Schedule"]["required"].remove("closes_at")

    found = changed(OFFER, narrow)
    assert len(found) == 2
    assert found[0].startswith("support-offer.published v1: the field schedules[].closes_at was")
    assert found[1].startswith("support-offer.published v1: the field service_area[] has another")


def test_number_limits_are_named() -> None:
    """A lower ceiling and a higher floor break, the reverse does not."""

    def limits(least: int, most: int) -> Callable[[Json], object]:
        def change(schema: Json) -> None:
            schema["$defs"]["Capacity"]["properties"]["available"] |= {
                "minimum": least,
                "maximum": most,
            }

        return change

    assert len(changed(OFFER, limits(1, 99))) == 2
    assert changed(OFFER, limits(-1, 1_000_000)) == []


def test_lowered_and_raised_protection_are_named() -> None:
    """The lowest classification and the purposes are part of the contract."""
    assert changed(REFERRAL, lambda schema: schema.update({"x-classification": "internal"})) == [
        (
            "referral.requested v1: the lowest classification was social and is internal; "
            "senders would be refused, or readers would keep it less well"
        )
    ]
    assert changed(REFERRAL, lambda schema: schema["x-purposes"].remove("benefits")) == [
        (
            "referral.requested v1: the purpose benefits is no longer allowed; "
            "senders that name it would be refused"
        )
    ]


def test_envelope_is_compared_too() -> None:
    """An attribute that became required is named as an attribute."""
    assert changed("envelope", lambda schema: schema["required"].append("recipient")) == [
        (
            "envelope: the attribute recipient became required; "
            "senders that leave it out would be refused"
        )
    ]
    gone = changed("envelope", lambda schema: schema["properties"].pop("traceparent"))
    assert gone == ["envelope: the attribute traceparent was removed; readers would miss it"]


def test_closing_an_open_object_is_named() -> None:
    """Fields nobody declared may no longer be given."""
    found = changed("envelope", lambda schema: schema.update({"additionalProperties": False}))
    assert found == [
        (
            "envelope: the event takes no undeclared fields any more; "
            "senders that give some would be refused"
        )
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: schema["properties"].update({"remark": {"type": "string"}}),
        lambda schema: schema["$defs"]["Service"]["enum"].append("legal_advice"),
        lambda schema: schema.update({"description": "Other words.", "title": "Other"}),
        lambda schema: client(schema)["family_name"].update({"maxLength": 200}),
        lambda schema: client(schema)["family_name"].update({"minLength": 0}),
        lambda schema: client(schema)["ags"].pop("pattern"),
        lambda schema: client(schema)["ags"].update({"x-personal": True}),
        lambda schema: schema["x-purposes"].append("residence"),
        lambda schema: client(schema).update(
            {"birth_date": {"anyOf": [client(schema)["birth_date"], {"type": "null"}]}}
        ),
    ],
)
def test_widening_is_fine(change: Callable[[Json], object]) -> None:
    """New optional fields, new codes, new words and wider limits break nobody."""
    assert changed(REFERRAL, change) == []


def test_new_versions_and_new_types_are_fine() -> None:
    """A version bump leaves the old version where it was."""
    new = schemas()
    new["referral.requested.v2"] = new[REFERRAL] | {"properties": {}, "required": []}
    new["interpreter.booked.v1"] = new[REFERRAL]
    assert incompatible_changes(schemas(), new) == []


def test_the_same_said_another_way_is_fine() -> None:
    """Moving a definition behind a reference, or inlining it, changes nothing."""

    def inline(schema: Json) -> None:
        service = schema["$defs"].pop("Service")
        schema["properties"]["service"] = service
        schema["$defs"]["Number"] = client(schema)["phone"]
        client(schema)["phone"] = {"$ref": "#/$defs/Number"}

    assert changed(REFERRAL, inline) == []


def test_every_incompatible_change_is_found_at_once() -> None:
    """One run names them all, in the order of schemas and fields."""
    old, new = schemas(), schemas()
    del new["reminder.due.v1"]
    new[RECEIPT]["required"].append("repeated")
    new[REFERRAL]["required"].append("note")
    found = incompatible_changes(old, new)
    assert [(change.schema, change.field) for change in found] == [
        (RECEIPT, "repeated"),
        (REFERRAL, "note"),
        ("reminder.due.v1", ""),
    ]


def test_every_keyword_in_use_is_judged() -> None:
    """The comparison understands every keyword our schemas use."""
    known = {
        *("$schema", "$id", "$defs", "$ref", "title", "description", "type", "anyOf", "default"),
        *("properties", "required", "additionalProperties", "items", "enum", "const"),
        *("pattern", "format", "minLength", "maxLength", "minItems", "maxItems"),
        *("minimum", "maximum", "x-personal", "x-classification", "x-purposes"),
    }

    def keywords(node: Any) -> set[str]:  # noqa: ANN401
        if isinstance(node, list):
            return set().union(*map(keywords, node))
        if not isinstance(node, dict):
            return set()
        named = [*node.get("properties", {}).values(), *node.get("$defs", {}).values()]
        rest = [value for key, value in node.items() if key not in {"properties", "$defs"}]
        return set(node).union(*map(keywords, named), *map(keywords, rest))

    for name, schema in schemas().items():
        assert keywords(schema) <= known, name


def test_comparison_reads_an_older_copy(tmp_path: Path) -> None:
    """The older contract may be a copy of `schemas/` or of `schemas/json/`."""
    writing.write(tmp_path)
    assert writing.check_against(tmp_path) == []
    path = tmp_path / "json" / "referral.requested.v1.json"
    old = json.loads(path.read_bytes())
    old["properties"]["interpreter"] = {"type": "boolean", "default": False}
    path.write_text(json.dumps(old))
    for folder in (tmp_path, tmp_path / "json"):
        (found,) = writing.check_against(folder)
        assert (found.schema, found.field) == (REFERRAL, "interpreter")


@pytest.mark.parametrize("content", [None, "[]", "{}", "{", b"\xff\xfe"])
def test_folder_without_a_contract_is_not_called_compatible(
    tmp_path: Path, content: str | bytes | None
) -> None:
    """A wrong folder raises NoContract instead of finding nothing to complain about."""
    if content is not None:
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "referral.requested.v1.json").write_bytes(data)
    with pytest.raises(writing.NoContract):
        writing.check_against(tmp_path)
