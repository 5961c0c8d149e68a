"""Judges of what claims to be in the form of HSDS 3.1, written down apart from what writes it.

One judge is a table of the fields the directory may use, with their kinds as the Human Services
Data Specification 3.1 has them (Open Referral, openreferral.org); it knows no other fields. The
other are the published JSON Schemas themselves (CC BY-SA 4.0). They are not part of this project;
where their folder `schema` lies at `PUBLISHED_AT` or beside the project in `shared/hsds`, every
answer is held against them as well.
"""

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.support.outside_validator import FORMATS

Json = dict[str, Any]
PUBLISHED_AT: Final = "KURZE_WEGE_HSDS"
"""The variable that names the folder of the published schemas."""
BESIDE: Final = Path(__file__).parents[3] / "shared" / "hsds" / "schema"

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
    """By the published schemas in a folder."""

    def __init__(self, folder: Path) -> None:
        """Read them from there when they are asked for."""
        self._folder = folder

    def complaints(self, form: str, thing: object) -> Sequence[str]:
        """Where the thing is not of this form; nothing if it is."""
        return _complaints(_from_folder(self._folder, form), thing)


def judges() -> dict[str, Judge]:
    """Every judge there is here, by a name."""
    folder = Path(os.environ.get(PUBLISHED_AT, BESIDE))
    table: dict[str, Judge] = {"table": Table()}
    return table | ({"published": Published(folder)} if folder.is_dir() else {})


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


@cache
def _from_folder(folder: Path, form: str) -> Draft202012Validator:
    """The schema with what it refers to; the form of a list's lines is published compiled only."""
    plain, compiled = folder / f"{form}.json", folder / "compiled" / f"{form}.json"
    registry: Registry[Any] = Registry().with_resources(
        (file.name, Resource.from_contents(_json(file), default_specification=DRAFT202012))
        for file in folder.glob("*.json")
    )
    schema = _json(plain if plain.is_file() else compiled)
    return Draft202012Validator(schema, format_checker=FORMATS, registry=registry)


def _json(file: Path) -> Json:
    said: Json = json.loads(file.read_bytes())
    return said
