"""The door as an OpenAPI 3.1 document, written from the contract and the limits in force."""

from typing import Any, Final

from connectors.http_api.admission import SET_BY_THE_HUB
from connectors.http_api.codes import STATUS, title
from connectors.http_api.mapping import Mode
from connectors.http_api.openapi_schemas import reference, schemas
from connectors.http_api.options import Options
from connectors.http_api.problems import MEDIA_TYPE
from schemas.envelope import Context

OPENAPI: Final = "3.1.0"
VERSION: Final = "1"
"""The version of this interface; an incompatible change counts it up."""

ANSWERS: Final = {
    400: "The body cannot be read",
    401: "Token missing or unknown",
    403: "The event is not this party's to send",
    408: "The body took too long",
    413: "Too large",
    415: "Not a content type of this door",
    422: "Not an event of the contract; `problems` names each field",
    429: "More than this party may send in this time, or too many of its requests at once",
    500: "A fault of ours",
    503: "Kafka has not acknowledged, or too many requests wait; send the same again",
}
COME_AGAIN: Final = frozenset({429, 503})


def describe(options: Options) -> dict[str, Any]:
    """The whole document, with the limits of these options."""
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Kurze Wege: HTTP door",
            "version": VERSION,
            "summary": "Send events as CloudEvents 1.0.",
            "description": _limits(options),
        },
        "paths": {
            "/events": {"post": _post()},
            "/healthz": {"get": _get("health", "Whether the process is up", "application/json")},
            "/docs": {"get": _get("docs", "The problem codes as a page", "text/html")},
        },
        "components": {
            "schemas": schemas(options.max_batch),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _limits(options: Options) -> str:
    return (
        "An event has at most 64 KiB, a body at most "
        f"{options.max_body_bytes} bytes, a batch at most {options.max_batch} events; a party "
        f"sends at most {options.events_per_minute} events and {options.bytes_per_minute} bytes a "
        "minute, unless it has limits of its own. Of a batch all events are "
        "accepted or none. The same source and id sent twice are one event."
    )


def _post() -> dict[str, Any]:
    return {
        "operationId": "postEvents",
        "summary": "Send one event or a batch",
        "description": "Answers 202 once Kafka has acknowledged every event.",
        "security": [{"token": []}],
        "parameters": [
            _header(name) for name in Context.model_fields if name not in SET_BY_THE_HUB
        ],
        "requestBody": {
            "required": True,
            "content": {
                Mode.STRUCTURED: {"schema": reference("Event")},
                Mode.BATCH: {"schema": reference("Batch")},
                Mode.BINARY: {"schema": reference("Data")},
            },
        },
        "responses": {
            "202": {
                "description": "Kafka has acknowledged these events",
                "content": {"application/json": {"schema": reference("Accepted")}},
            },
            **{str(status): _refusal(status, said) for status, said in ANSWERS.items()},
        },
    }


def _header(name: str) -> dict[str, Any]:
    field = Context.model_fields[name]
    return {
        "name": f"ce-{name}",
        "in": "header",
        "required": False,
        "description": f"Binary mode only, percent-encoded. {field.description}",
        "schema": {"type": "string"},
    }


def _refusal(status: int, said: str) -> dict[str, Any]:
    codes = [code for code, its in STATUS.items() if its == status]
    headers = {}
    if status in COME_AGAIN:
        headers["Retry-After"] = _number("Seconds to wait before sending the same again")
    if status == 401:  # noqa: PLR2004 - HTTP
        headers["WWW-Authenticate"] = {"description": "Bearer", "schema": {"type": "string"}}
    return {
        "description": "\n".join(
            [f"{said}.", "", *(f"* `{code}`: {title(code)}" for code in codes)]
        ),
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": reference("ProblemDetails")}},
    }


def _number(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "integer", "minimum": 1}}


def _get(operation: str, summary: str, media_type: str) -> dict[str, Any]:
    ok = {"description": summary, "content": {media_type: {"schema": {}}}}
    return {"operationId": operation, "summary": summary, "responses": {"200": ok}}
