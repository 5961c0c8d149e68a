"""An event that is one JSON object (CloudEvents JSON format 1.0.2). Pure."""

import base64
import re
from typing import Any, Final

from pydantic_core import to_json

from connectors.http_api.said import DECLARED, Said, version_missing, wrong
from schemas.problems import Problem, ProblemCode, problem

_JSON: Final = re.compile(r"[^/;\s]+/(?:[^/;\s]+\+)?json\s*(?:;.*)?", re.IGNORECASE | re.DOTALL)


def from_json_value(content: object) -> Said:
    """The event in a JSON value; an attribute that is null or empty is not set."""
    if not isinstance(content, dict):
        detail = "An event is a JSON object."
        return Said({}, None, (problem(ProblemCode.VALUE_UNREADABLE, detail),))
    given = {name: value for name, value in content.items() if value not in (None, "")}
    attributes = {name: value for name, value in given.items() if isinstance(value, str)}
    attributes.pop("data", None)
    attributes.pop("data_base64", None)
    problems = [
        wrong(name, "Write the attribute as a JSON string.")
        for name in sorted(DECLARED & given.keys() - attributes.keys())
    ]
    problems += version_missing(given)
    data = _data(content, attributes.get("datacontenttype"))
    if isinstance(data, Problem):
        return Said(attributes, None, (*problems, data))
    return Said(attributes, data, tuple(problems))


def _data(content: dict[str, Any], declared: str | None) -> bytes | Problem:
    """The bytes of `data` or `data_base64` (section 3.1.2)."""
    if declared is not None and not _JSON.fullmatch(declared):
        return wrong("datacontenttype", "The data of every event is JSON.")
    if "data_base64" in content:
        return _decoded(content, declared)
    if "data" not in content:
        return problem(ProblemCode.FIELD_MISSING, field="data")
    return to_json(content["data"])


def _decoded(content: dict[str, Any], declared: str | None) -> bytes | Problem:
    if "data" in content:
        detail = "Send data or data_base64, not both."
        return problem(ProblemCode.FIELD_INVALID, detail, "data_base64")
    if declared is None:
        detail = "Name the type of data_base64 in datacontenttype: application/json."
        return problem(ProblemCode.ATTRIBUTE_MISSING, detail, "datacontenttype")
    try:
        return base64.b64decode(content["data_base64"], validate=True)
    except (ValueError, TypeError):
        return problem(ProblemCode.FIELD_INVALID, field="data_base64")
