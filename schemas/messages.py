"""The messages of the AsyncAPI document: CloudEvents headers, payload, and record key. Pure."""

from typing import Any, Final, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from schemas.data import Data
from schemas.documents import CLASSIFICATION, Schema, Untitled, says
from schemas.envelope import Context
from schemas.events import ALL

Part: TypeAlias = dict[str, Any]
"""A part of the document."""
BINDING: Final = "0.5.0"
"""The version of AsyncAPI's Kafka bindings."""
SCHEMAS: Final = "#/components/schemas/"
HEADERS: Final = "CloudEventHeaders"
DEAD_LETTER: Final = "dead-letter"
MODELS: Final[tuple[type[BaseModel], ...]] = (Context, *ALL)


def components() -> Part:
    """Every message, and every schema that a message names."""
    refs, definitions = models_json_schema(
        [(model, "validation") for model in MODELS],
        ref_template=SCHEMAS + "{model}",
        schema_generator=Untitled,
    )
    schemas: dict[str, Schema] = definitions["$defs"]
    context = schemas.pop(Context.__name__)
    key = context["properties"]["subject"]
    schemas[HEADERS] = {
        "type": "object",
        "description": context["description"],
        "properties": {f"ce_{name}": schema for name, schema in context["properties"].items()},
        "required": [f"ce_{name}" for name in context["required"]],
    }
    messages = {model.wire_type(): _message(model, refs[model, "validation"], key) for model in ALL}
    return {"schemas": schemas, "messages": messages | {DEAD_LETTER: _dead_letter()}}


def _message(model: type[Data], payload: Schema, key: Schema) -> Part:
    own = {
        "content-type": {"const": "application/json"},
        "ce_type": {"const": model.wire_type()},
        "ce_dataschema": {"const": model.schema_uri()},
        "ce_purpose": {"enum": sorted(model.PURPOSES)},
    }
    return {
        "name": model.wire_type(),
        "title": model.wire_type(),
        "summary": says(model),
        "description": model.__doc__,
        CLASSIFICATION: model.CLASSIFICATION.value,
        "headers": {
            "type": "object",
            "allOf": [{"$ref": SCHEMAS + HEADERS}, {"type": "object", "properties": own}],
        },
        "payload": payload,
        "bindings": {"kafka": {"key": key, "bindingVersion": BINDING}},
    }


def _dead_letter() -> Part:
    return {
        "name": DEAD_LETTER,
        "title": "A refused record",
        "summary": "The record as it came in, bytes untouched, and why it was refused.",
        "contentType": "application/octet-stream",
        "headers": {
            "type": "object",
            "description": (
                "The record's own headers, and the cause: `hub-problems` (codes, comma "
                "separated), `kafka_dlt-*` (Spring Kafka) and `__connect.errors.*` (Connect)."
            ),
            "properties": {"hub-problems": {"type": "string"}},
        },
        "payload": {"description": "The value of the record, whatever it is."},
        "bindings": {"kafka": {"bindingVersion": BINDING}},
    }
