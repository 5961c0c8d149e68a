"""What a request says: the CloudEvents of its headers and body (HTTP binding 1.0.2). Pure."""

import re
from enum import StrEnum
from typing import Final

from pydantic_core import from_json

from connectors.http_api.binary_mode import PREFIX, Headers, from_headers
from connectors.http_api.codes import HttpCode
from connectors.http_api.json_format import from_json_value
from connectors.http_api.problems import NotAccepted, finding, refusal
from connectors.http_api.said import Said
from schemas.problems import ProblemCode, problem

BOM: Final = b"\xef\xbb\xbf"
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([^\";\s]*)", re.IGNORECASE)
_UTF8: Final = frozenset({"utf-8", "utf8"})


class Mode(StrEnum):
    """How the event stands in the request, named by its content type."""

    STRUCTURED = "application/cloudevents+json"
    BATCH = "application/cloudevents-batch+json"
    BINARY = "application/json"


def mode_of(headers: Headers) -> Mode:
    """The mode the content type declares; raises NotAccepted (415)."""
    declared = [value.decode("latin-1") for name, value in headers if name == b"content-type"]
    if len(declared) != 1:
        raise refusal(HttpCode.CONTENT_TYPE_UNSUPPORTED)
    charset = _CHARSET.search(declared[0])
    if charset is not None and charset[1].lower() not in _UTF8:
        raise refusal(HttpCode.CONTENT_TYPE_UNSUPPORTED)
    try:
        mode = Mode(declared[0].partition(";")[0].strip().lower())
    except ValueError:
        raise refusal(HttpCode.CONTENT_TYPE_UNSUPPORTED) from None
    if mode is Mode.BINARY and not any(name.startswith(PREFIX) for name, _ in headers):
        raise refusal(HttpCode.CONTENT_TYPE_UNSUPPORTED)
    return mode


def read(mode: Mode, headers: Headers, body: bytes, max_batch: int) -> list[Said]:
    """The events of a request, each with what is wrong with it as a CloudEvent.

    Raises NotAccepted when the events cannot be told apart (400) or are too many (413).
    """
    body = body.removeprefix(BOM)
    if mode is Mode.BINARY:
        return [from_headers(headers, body)]
    try:
        content = from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        raise _unreadable("The body is not UTF-8 JSON.") from None
    if mode is Mode.STRUCTURED:
        return [from_json_value(content)]
    if not isinstance(content, list):
        raise _unreadable("A batch is a JSON array of events.")
    if len(content) > max_batch:
        raise refusal(HttpCode.BATCH_TOO_LONG)
    return [from_json_value(item) for item in content]


def _unreadable(detail: str) -> NotAccepted:
    return NotAccepted([finding(problem(ProblemCode.VALUE_UNREADABLE, detail))])
