"""The JSON Schemas of the OpenAPI document: every event that may come in, and the answers."""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from connectors.http_api.admission import SET_BY_THE_HUB
from connectors.http_api.codes import STATUS
from schemas.data import Data
from schemas.documents import Untitled, says
from schemas.envelope import Context
from schemas.events import ALL
from schemas.topics import HANDED_IN

TEMPLATE: Final = "#/components/schemas/{model}"
INCOMING: Final[tuple[type[Data], ...]] = tuple(data for data in ALL if data.TYPE in HANDED_IN)
"""Every version of every event type a party may send."""


def reference(name: str) -> dict[str, str]:
    """A reference to one of these schemas."""
    return {"$ref": TEMPLATE.format(model=name)}


def schemas(max_batch: int) -> dict[str, Any]:
    """Every schema by its name."""
    models: list[Any] = [(model, "validation") for model in (*INCOMING, Context)]
    _, generated = models_json_schema(models, ref_template=TEMPLATE, schema_generator=Untitled)
    found: dict[str, Any] = generated["$defs"]
    for name in SET_BY_THE_HUB:
        del found["Context"]["properties"][name]
    found |= {f"{data.__name__}Event": _event(data) for data in INCOMING}
    found["Event"] = _any_event()
    found["Batch"] = {
        "description": "Events that are accepted all or not at all",
        "type": "array",
        "items": reference("Event"),
        "maxItems": max_batch,
    }
    found["Data"] = {
        "description": "The data of the event type named in ce-type",
        "anyOf": [reference(data.__name__) for data in INCOMING],
    }
    return found | ANSWERS


def _event(data: type[Data]) -> dict[str, Any]:
    return {
        "description": says(data),
        "allOf": [reference("Context")],
        "type": "object",
        "required": ["specversion", "type", "data"],
        "properties": {
            "type": {"const": data.wire_type()},
            "datacontenttype": {"type": "string", "default": "application/json"},
            "data": reference(data.__name__),
        },
    }


def _any_event() -> dict[str, Any]:
    names = {data.wire_type(): f"{data.__name__}Event" for data in INCOMING}
    return {
        "description": "A CloudEvent of one of the types that may come in",
        "oneOf": [reference(name) for name in names.values()],
        "discriminator": {
            "propertyName": "type",
            "mapping": {kind: TEMPLATE.format(model=name) for kind, name in names.items()},
        },
    }


ANSWERS: Final[dict[str, Any]] = {
    "Accepted": {
        "type": "object",
        "required": ["accepted"],
        "properties": {
            "accepted": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["source", "id"],
                    "properties": {"source": {"type": "string"}, "id": {"type": "string"}},
                },
            }
        },
    },
    "ProblemDetails": {
        "description": "RFC 9457; `type`, `title` and `detail` are those of the gravest problem",
        "type": "object",
        "required": ["type", "title", "status", "detail", "problems"],
        "properties": {
            "type": {"type": "string", "pattern": "^urn:kurze-wege:problem:[a-z-]+$"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "problems": {"type": "array", "minItems": 1, "items": reference("FoundProblem")},
        },
    },
    "FoundProblem": {
        "type": "object",
        "required": ["code", "detail"],
        "properties": {
            "code": {"type": "string", "enum": [str(code) for code in STATUS]},
            "detail": {"type": "string"},
            "field": {"type": "string", "description": "The attribute or field, dotted"},
            "index": {"type": "integer", "description": "The event's place in a batch, from 0"},
        },
    },
}
