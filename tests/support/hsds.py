"""Judges of what claims to be in the form of HSDS 3.1, written down apart from what writes it.

One judge is a table of the fields the directory may use, with their kinds as the Human Services
Data Specification 3.1 has them (Open Referral, openreferral.org); it knows no other fields. The
other are the published JSON Schemas themselves, in `tests/contract/hsds`: those of HSDS 3.1.1.
They have no version field. What tells it are the changes its changelog lists for 3.1.1: `empty` is
required of a page, and the fields of `unit` and `service_capacity` have `constraints`. 3.1.2 and
3.1.3 changed no schema: they mended references and the composition of `openapi.json`, whose
references here still say 3.0, as 3.1.1 was published. They are read as what stands beside them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.support.outside_validator import FORMATS

Json = dict[str, Any]
FOLDER: Final = Path(__file__).parents[1] / "contract" / "hsds"
"""The published schemas, with their licence."""
ADDRESS: Final = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/"
"""Where the published `openapi.json` says that the schemas lie."""
LINES: Final = "service_list"
"""A line of a list of services. Published compiled only: a service without what there can be
several of."""

KINDS: Final[Mapping[str, Json]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "id": {"type": "string", "format": "uuid"},
    "uri": {"type": "string", "format": "uri", "pattern": "^[a-z]+:"},
    "day": {"type": "string", "format": "date"},
    "time": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    "moment": {"type": "string", "format": "date-time"},
    "status": {"enum": ["active", "inactive", "defunct", "temporarily closed"]},
    "place": {"enum": ["physical", "postal", "virtual"]},
    "freq": {"enum": ["WEEKLY", "MONTHLY"]},
    "days": {"type": "string", "pattern": "^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$"},
}
LINE: Final = (
    "id! id, name! text, description text, status! status, eligibility_description text,"
    " fees_description text, assured_date day, alert text, last_modified moment,"
    " organization organization"
)
FORMS: Final[Mapping[str, str]] = {
    "service": f"{LINE}, capacities [service_capacity], service_areas [service_area],"
    " service_at_locations [service_at_location], schedules [schedule], languages [language],"
    " cost_options [cost_option], attributes [attribute]",
    "service_list": LINE,
    "organization": "id! id, name! text, description! text",
    "service_capacity": "id! id, unit! unit, available! number, maximum number,"
    " description text, updated! moment",
    "unit": "id! id, name! text",
    "service_area": "id! id, name text, extent text, extent_type text, uri text",
    "service_at_location": "id! id, location location",
    "location": "id! id, location_type! place, name text, external_identifier text,"
    " external_identifier_type text, accessibility [accessibility]",
    "accessibility": "id! id, description text",
    "schedule": "id! id, freq freq, byday days, opens_at time, closes_at time",
    "language": "id! id, code text",
    "cost_option": "id! id, option text, amount number, currency text",
    "attribute": "id! id, link_id id, link_entity text, taxonomy_term taxonomy_term",
    "taxonomy_term": "id! id, code text, name! text, description! text, taxonomy text,"
    " taxonomy_detail taxonomy, language text",
    "taxonomy": "id! id, name! text, description! text",
}
"""The fields of each thing with their kinds; `!` must be there, `[ ]` are several."""


class Judge(Protocol):
    """Finds what is wrong."""

    def complaints(self, form: str, thing: object) -> Sequence[str]:
        """Where the thing is not of this form; nothing if it is."""


class Table:
    """By the table above."""

    def complaints(self, form: str, thing: object) -> Sequence[str]:
        """Where the thing is not of this form; nothing if it is."""
        return _complaints(_from_table(form), thing)


class Published:
    """By the published schemas."""

    def complaints(self, form: str, thing: object) -> Sequence[str]:
        """Where the thing is not of this form; nothing if it is."""
        return _complaints(_validator({"$ref": f"{ADDRESS}{form}.json"}), thing)


JUDGES: Final[Mapping[str, Judge]] = {"table": Table(), "published": Published()}
"""Every judge by its name."""


def answer_complaints(path: str, body: object) -> Sequence[str]:
    """Where an answer is not what the published `openapi.json` says of this path."""
    answers = openapi()["paths"][path]["get"]["responses"]
    return _complaints(_validator(answers["200"]["content"]["application/json"]["schema"]), body)


def parameters(path: str) -> Iterator[str]:
    """The parameters that the published `openapi.json` has for this path."""
    for parameter in openapi()["paths"][path]["get"].get("parameters", ()):
        yield parameter.get("name") or parameter["$ref"].rpartition("/")[2]


@cache
def openapi() -> Json:
    """The published description of the interface."""
    return _json(FOLDER / "openapi.json")


def _complaints(validator: Draft202012Validator, thing: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(thing)]


@cache
def _from_table(form: str) -> Draft202012Validator:
    schema = {"$ref": f"#/$defs/{form}", "$defs": {name: _object(name) for name in FORMS}}
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FORMATS)


def _object(form: str) -> Json:
    fields = [field.split() for field in FORMS[form].split(", ")]
    return {
        "type": "object",
        "properties": {name.rstrip("!"): _kind(kind) for name, kind in fields},
        "required": [name.rstrip("!") for name, _ in fields if name.endswith("!")],
        "additionalProperties": False,
    }


def _kind(kind: str) -> Json:
    if kind.startswith("["):
        return {"type": "array", "minItems": 1, "items": _kind(kind.strip("[]"))}
    return dict(KINDS[kind]) if kind in KINDS else {"$ref": f"#/$defs/{kind}"}


def _validator(schema: Json) -> Draft202012Validator:
    """It may refer to the published schemas, and to the components of `openapi.json`."""
    whole = {**schema, "components": openapi()["components"]}
    return Draft202012Validator(whole, format_checker=FORMATS, registry=_published())


@cache
def _published() -> Registry[Any]:
    """The published schemas at their addresses, plain and compiled: they refer to each other."""
    schemas = {file.stem: _json(file) for file in FOLDER.glob("*.json")}
    service = schemas["service"]
    several = [name for name, kind in service["properties"].items() if kind.get("type") == "array"]
    left_out = dict.fromkeys(several, False)
    schemas[LINES] = service | {"properties": service["properties"] | left_out}
    return Registry().with_resources(
        (
            f"{ADDRESS}{place}{name}.json",
            Resource.from_contents(schema, default_specification=DRAFT202012),
        )
        for name, schema in schemas.items()
        for place in ("", "compiled/")
    )


def _json(file: Path) -> Json:
    said: Json = json.loads(file.read_bytes())
    return said
