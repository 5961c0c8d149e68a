"""Whatever is sent: never a fault of ours, and every refusal has a code."""

import asyncio
import json
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.http_api.codes import STATUS
from connectors.http_api.mapping import Mode
from schemas.envelope import Context
from tests.support.http_door import AUTHORISED, STRUCTURED, Remembered, an_event, client_of

ATTRIBUTES = [*Context.model_fields, "datacontenttype", "data", "data_base64"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
MODES = st.sampled_from(list(Mode))
HEADER_BYTES = st.binary(max_size=60).map(
    lambda raw: bytes(octet for octet in raw if octet not in b"\r\n\x00")
)


def send(headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[httpx.Response, list[str]]:
    """The answer to one request with exactly these headers and this body."""
    publish = Remembered()

    async def one() -> httpx.Response:
        async with client_of(publish) as client:
            return await client.post("/events", content=body, headers=headers)

    return asyncio.run(one()), publish.ids


def check(answer: httpx.Response, ids: list[str]) -> None:
    """Accepted and published, or refused with known codes and not published."""
    if answer.status_code == 202:
        assert [event["id"] for event in answer.json()["accepted"]] == ids
        return
    assert 400 <= answer.status_code < 500
    assert ids == []
    assert answer.headers["content-type"] == "application/problem+json"
    problems = answer.json()["problems"]
    assert problems
    assert {problem["code"] for problem in problems} <= {str(code) for code in STATUS}


def head(mode: str) -> list[tuple[bytes, bytes]]:
    """The headers of an authorised request in this mode."""
    said = {**AUTHORISED, "Content-Type": mode, "ce-specversion": "1.0"}
    return [(name.encode(), value.encode()) for name, value in said.items()]


@given(MODES, st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes(mode: Mode, body: bytes) -> None:
    """Any body in any mode."""
    check(*send(head(mode), body))


@given(MODES, JSON)
@settings(max_examples=100, deadline=None)
def test_any_json(mode: Mode, value: object) -> None:
    """Any JSON in any mode, not-a-number and lone surrogates included."""
    check(*send(head(mode), json.dumps(value).encode()))


@given(st.dictionaries(st.sampled_from(ATTRIBUTES), JSON, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_change_to_a_good_event(changes: dict[str, Any]) -> None:
    """A good event with any attributes replaced by any JSON."""
    check(*send(head(Mode.STRUCTURED), json.dumps(an_event() | changes).encode()))


@given(st.lists(st.tuples(st.sampled_from(["data", "client"]), st.text(max_size=12), JSON)))
@settings(max_examples=100, deadline=None)
def test_any_change_to_good_data(changes: list[tuple[str, str, object]]) -> None:
    """A good event with any fields added to its data."""
    event = an_event()
    for where, name, value in changes:
        inside = event["data"] if where == "data" else event["data"]["client"]
        inside[name] = value

    check(*send(head(Mode.STRUCTURED), json.dumps(event).encode()))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([f"ce-{name}".encode() for name in ATTRIBUTES] + [b"ce-", b"ce-x-y"]),
            HEADER_BYTES,
        ),
        max_size=8,
    )
)
@settings(max_examples=150, deadline=None)
def test_any_headers(changes: list[tuple[bytes, bytes]]) -> None:
    """A good event in binary mode with any bytes in any of its headers, doubled ones too."""
    event = an_event()
    data = json.dumps(event.pop("data")).encode()
    replaced = {name for name, _ in changes}
    good = [(f"ce-{name}".encode(), value.encode()) for name, value in event.items()]
    headers = head(Mode.BINARY)[:2] + [pair for pair in good if pair[0] not in replaced] + changes

    check(*send(headers, data))


@given(
    st.sampled_from(
        [b"authorization", b"content-type", b"content-encoding", b"content-length", b"x-any"]
    ),
    HEADER_BYTES,
)
@settings(max_examples=150, deadline=None)
def test_any_header_of_http(name: bytes, value: bytes) -> None:
    """A good event with any bytes in a header that steers the request."""
    steering = [(key.lower().encode(), said.encode()) for key, said in STRUCTURED.items()]
    headers = [pair for pair in steering if pair[0] != name] + [(name, value)]

    check(*send(headers, json.dumps(an_event()).encode()))


@given(st.integers(0, 4000), st.sampled_from(["[", '{"data":', '{"a":[']))
@settings(max_examples=30, deadline=None)
def test_any_depth(depth: int, piece: str) -> None:
    """JSON nested however deep, closed or not."""
    opened = piece * depth
    check(*send(head(Mode.STRUCTURED), opened.encode()))
    closed = "".join({"[": "]", "{": "}"}.get(sign, "") for sign in reversed(opened))
    check(*send(head(Mode.STRUCTURED), (opened + "1" + closed).encode()))
