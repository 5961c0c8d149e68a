"""The directory as an OpenAPI 3.1 document; the forms of things are those HSDS publishes."""

from collections.abc import Mapping
from typing import Any, Final

from hub.hsds.options import Options
from hub.hsds.problems import MEDIA_TYPE
from hub.hsds.query import PARAMETERS

Json = dict[str, Any]
VERSION: Final = "1"
"""The version of this interface; an incompatible change counts it up."""
HSDS: Final = "3.1"
PUBLISHED: Final = f"https://raw.githubusercontent.com/openreferral/specification/{HSDS}/schema"
ABOUT: Final = {
    "version": HSDS,
    "profile": f"https://docs.openreferral.org/en/{HSDS}/",
    "description": "Support offers in the Landkreis Darmstadt-Dieburg.",
}
NUMBERS: Final = frozenset({"page", "per_page"})
FLAGS: Final = frozenset({"full", "minimal"})
PAGING: Final = {name: PARAMETERS[name] for name in ("page", "per_page")}
TERMS: Final = PAGING | {"taxonomy_id": "Only terms of this taxonomy."}


def describe(address: str, options: Options) -> Json:
    """The whole document, for a directory read at this address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kurze Wege: support offers",
            "version": VERSION,
            "summary": f"An open directory in the form of HSDS {HSDS}.",
            "description": (
                "Anybody may read it, from any page. Filters all hold together. An answer is "
                f"good for {options.max_age_s} seconds; ask again with its ETag."
            ),
        },
        "servers": [{"url": address}],
        "paths": {
            "/": _get("about", "What this is", {}, _about()),
            "/services": _get("services", "A page of services", PARAMETERS, _services()),
            "/services/{id}": _one("service", "One service, whole", "compiled/service.json"),
            "/taxonomies": _get("taxonomies", "The taxonomies", PAGING, _page("taxonomy.json")),
            "/taxonomies/{id}": _one("taxonomy", "One taxonomy", "taxonomy.json"),
            "/taxonomy_terms": _get("terms", "The terms", TERMS, _page("taxonomy_term.json")),
            "/taxonomy_terms/{id}": _one("term", "One term", "taxonomy_term.json"),
        },
        "components": {"schemas": {"Page": _header(), "Problem": _problem()}},
    }


def _get(operation: str, summary: str, asked: Mapping[str, str], schema: Json) -> Json:
    said = {
        "operationId": operation,
        "summary": summary,
        "parameters": [_parameter(name, what) for name, what in asked.items()],
        "responses": {
            "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
            "304": {"description": "As the reader has it already"},
            "400": _refusal("A parameter is not understood"),
            "503": _refusal("The offers cannot be read now; ask again"),
        },
    }
    return {"get": said}


def _one(operation: str, summary: str, schema: str) -> Json:
    said = _get(operation, summary, {}, {"$ref": f"{PUBLISHED}/{schema}"})
    said["get"]["responses"]["404"] = _refusal("There is nothing with this id")
    id_ = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {"parameters": [id_], **said}


def _parameter(name: str, what: str) -> Json:
    kind = "integer" if name in NUMBERS else "boolean" if name in FLAGS else "string"
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": what,
        "schema": {"type": kind},
    }


def _refusal(said: str) -> Json:
    problem = {"$ref": "#/components/schemas/Problem"}
    return {"description": said, "content": {MEDIA_TYPE: {"schema": problem}}}


def _services() -> Json:
    return _page("compiled/service_list.json", "compiled/service.json")


def _page(*schemas: str) -> Json:
    forms = [{"$ref": f"{PUBLISHED}/{schema}"} for schema in schemas]
    items = forms[0] if len(forms) == 1 else {"anyOf": [*forms, _trace()]}
    return {
        "type": "object",
        "allOf": [{"$ref": "#/components/schemas/Page"}],
        "properties": {"contents": {"type": "array", "items": items}},
    }


def _trace() -> Json:
    fields = {"id": _text("uuid"), "modified_date": _text("date-time")}
    return {"type": "object", "properties": fields, "required": [*fields]}


def _about() -> Json:
    fields = {"version": _text(), "profile": _text("uri"), "openapi_url": _text("uri")}
    return {
        "type": "object",
        "properties": fields | {"description": _text()},
        "required": [*fields],
    }


def _header() -> Json:
    fields: Json = {
        name: {"type": "integer"} for name in ("total_items", "total_pages", "page_number", "size")
    }
    fields |= {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    fields["contents"] = {"type": "array"}
    return {"type": "object", "properties": fields, "required": [*fields]}


def _problem() -> Json:
    fields = {name: _text() for name in ("type", "title", "detail")}
    return {"type": "object", "properties": {**fields, "status": {"type": "integer"}}}


def _text(form: str | None = None) -> Json:
    return {"type": "string"} if form is None else {"type": "string", "format": form}
