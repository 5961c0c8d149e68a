"""The trace of a request goes with its events."""

import pytest

from connectors.http_api.said import Said
from connectors.http_api.tracing import trace_of, traced
from schemas.topics import MAX_EVENT_BYTES

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OTHER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("shown", "trace"),
    [
        ([TRACE], TRACE),
        ([f" {TRACE} "], TRACE),
        ([], None),
        ([TRACE, OTHER], None),
        ([TRACE.upper()], None),
        (["01" + TRACE[2:]], None),
        ([f"00-{'0' * 32}-b7ad6b7169203331-01"], None),
        ([f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01"], None),
    ],
)
def test_the_trace_of_a_request(shown: list[str], trace: str | None) -> None:
    """One valid `traceparent` is taken; of anything else the request goes without a trace."""
    headers = [(b"traceparent", value.encode()) for value in shown]

    assert trace_of([(b"accept", b"*/*"), *headers]) == trace


def test_an_events_own_trace_stays() -> None:
    """Only events without a trace of their own get the request's."""
    own, none = Said({"traceparent": OTHER}, b"{}"), Said({"id": "e-1"}, b"{}")

    assert traced([own, none], TRACE) == [
        own,
        Said({"id": "e-1", "traceparent": TRACE}, b"{}"),
    ]
    assert traced([own, none], None) == [own, none]


def test_no_event_becomes_too_large() -> None:
    """An event that just fits stays as it is: no proxy's header makes it too large."""
    full = Said({"id": "e-1"}, b"x" * (MAX_EVENT_BYTES - 5))

    assert full.size() == MAX_EVENT_BYTES
    assert traced([full], TRACE) == [full]
