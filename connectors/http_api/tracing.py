"""The trace of a request (W3C Trace Context) becomes that of its events. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from connectors.http_api.binary_mode import Headers
from connectors.http_api.said import Said
from schemas.topics import MAX_EVENT_BYTES

TRACE: Final = "traceparent"
_TRACE: Final = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_of(headers: Headers) -> str | None:
    """The request's `traceparent`; None where there is none, or not exactly a valid one."""
    shown = [value.strip() for name, value in headers if name == TRACE.encode()]
    if len(shown) != 1 or _TRACE.fullmatch(shown[0]) is None:
        return None
    return shown[0].decode("ascii")


def traced(sayings: Sequence[Said], trace: str | None) -> list[Said]:
    """The events, those without a trace of their own with the request's.

    None becomes too large by it: an event without room goes without.
    """
    return [_traced(said, trace) for said in sayings]


def _traced(said: Said, trace: str | None) -> Said:
    if trace is None or TRACE in said.attributes:
        return said
    more = said._replace(attributes=said.attributes | {TRACE: trace})
    return more if more.size() <= MAX_EVENT_BYTES else said
