"""The contract as JSON Schema documents, one for each version of each event type. Pure."""

import json
import sys
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from pydantic.json_schema import GenerateJsonSchema

from schemas.data import Data
from schemas.envelope import Context
from schemas.events import ALL, BY_WIRE_TYPE

Schema: TypeAlias = dict[str, Any]
"""One JSON Schema document."""
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE: Final = "envelope"
"""The name of the schema of a structured-mode event: its attributes, and its data unread."""
ENVELOPE_URI: Final = "urn:kurze-wege:schema:envelope"
CLASSIFICATION: Final = "x-classification"
"""The lowest `dataclassification` an event of this type may have."""
PURPOSES: Final = "x-purposes"
"""The purposes an event of this type may have."""


class Untitled(GenerateJsonSchema):
    """JSON Schema without a title at each field: the field's name says it already."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        """Never."""
        return False


def schemas() -> dict[str, Schema]:
    """Every schema of the contract by its name: `referral.requested.v1`, and `envelope`."""
    return {model.wire_type(): schema_of(model) for model in ALL} | {ENVELOPE: envelope_schema()}


def schema_of(model: type[Data]) -> Schema:
    """The JSON Schema of the data of one version of an event type."""
    return model.model_json_schema(schema_generator=Untitled) | {
        "$schema": DIALECT,
        "$id": model.schema_uri(),
        "title": model.wire_type(),
        "description": f"{says(model)} {model.__doc__}",
        CLASSIFICATION: model.CLASSIFICATION.value,
        PURPOSES: sorted(model.PURPOSES),
    }


def envelope_schema() -> Schema:
    """The JSON Schema of an event in structured mode; attributes we do not know are read over."""
    schema = Context.model_json_schema(schema_generator=Untitled)
    schema["properties"]["type"]["enum"] = sorted(BY_WIRE_TYPE)
    schema["properties"] |= {
        "datacontenttype": {
            "const": "application/json",
            "description": "The data are JSON; absent, they are too.",
        },
        "data": {
            "type": "object",
            "description": "What the event says: see the schema of its type.",
        },
    }
    return schema | {
        "$schema": DIALECT,
        "$id": ENVELOPE_URI,
        "title": "CloudEvents 1.0 envelope",
        "required": [*schema["required"], "data", "specversion"],
        "additionalProperties": True,
    }


def says(model: type[Data]) -> str:
    """What an event of this type says, in one sentence: the first line of its module."""
    return (sys.modules[model.__module__].__doc__ or "").partition("\n")[0]


def text(document: Mapping[str, Any]) -> str:
    """The document as it stands in its file: the same bytes every time, ended by a new line."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
