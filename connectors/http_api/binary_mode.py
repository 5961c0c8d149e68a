"""An event whose attributes are `ce-` headers (CloudEvents HTTP binding 1.0.2, 3.1). Pure."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from connectors.http_api.said import DECLARED, Said, version_missing, wrong
from schemas.problems import Problem

Headers = Sequence[tuple[bytes, bytes]]
"""Names in lower case, as ASGI hands them over."""
PREFIX: Final = b"ce-"
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*+)("?)')
"""One that is not closed reaches to the end, so that nothing is looked through twice."""
_ESCAPED: Final = re.compile(r"\\(.)")


def from_headers(headers: Headers, body: bytes) -> Said:
    """The event: attributes from the headers, data from the body; an empty header is not set."""
    attributes: dict[str, str] = {}
    problems: list[Problem] = []
    for raw_name, raw_value in headers:
        if not raw_name.startswith(PREFIX):
            continue
        name = raw_name.removeprefix(PREFIX).decode("latin-1")
        if name in attributes:
            problems.append(wrong(name, "Send the attribute once."))
        try:
            attributes[name] = _value(raw_value)
        except ValueError:
            problems.append(wrong(name, "Percent-encode the attribute's UTF-8 bytes."))
    attributes = {name: value for name, value in attributes.items() if value}
    problems += version_missing({*attributes, *(found.field for found in problems)})
    return Said(attributes, body, tuple(found for found in problems if found.field in DECLARED))


def _value(raw: bytes) -> str:
    """Unquote, then decode one round of percent-encoding (section 3.1.3.2)."""
    unquoted = _QUOTED.sub(_inside, raw.decode("ascii"))
    return unquote_to_bytes(unquoted).decode("utf-8")


def _inside(quoted: re.Match[str]) -> str:
    return _ESCAPED.sub(r"\1", quoted[1]) if quoted[2] else quoted[0]
