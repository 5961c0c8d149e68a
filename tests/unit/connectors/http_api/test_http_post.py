"""POST /events: what is accepted, what is refused, and in which words."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest

from connectors.errors import Later
from schemas.codec import encode, taken_apart
from schemas.data import Data
from schemas.envelope import Event
from tests.support.http_door import (
    AUTHORISED,
    BATCH,
    EPPERTSHAUSEN,
    KFB_TOKEN,
    STRUCTURED,
    Remembered,
    an_event,
    client_of,
)

SOURCE = f"//kurze-wege/{EPPERTSHAUSEN}/sozialamt"


async def post(
    body: object, headers: dict[str, str] = STRUCTURED, **options: object
) -> tuple[httpx.Response, list[str]]:
    """The answer to one request, and the ids that were published."""
    publish = Remembered()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with client_of(publish, **options) as client:
        answer = await client.post("/events", content=content, headers=headers)
    return answer, publish.ids


def codes(answer: httpx.Response) -> list[tuple[str, str | None]]:
    """Code and field of every problem in an answer that is well-formed problem details."""
    said = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert said["status"] == answer.status_code
    assert said["type"] == f"urn:kurze-wege:problem:{said['problems'][0]['code']}"
    assert said["title"]
    assert said["detail"]
    return [(problem["code"], problem.get("field")) for problem in said["problems"]]


async def test_structured_event_is_accepted() -> None:
    """A structured event is published once and answered with its source and id."""
    answer, ids = await post(an_event("e-7"))

    assert answer.status_code == 202
    assert answer.json() == {"accepted": [{"source": SOURCE, "id": "e-7"}]}
    assert ids == ["e-7"]


async def test_binary_event_is_accepted() -> None:
    """An event in ce- headers is read like the same event as one JSON object."""
    event = an_event("e-8")
    data = event.pop("data")
    headers = {**AUTHORISED, "Content-Type": "application/json; charset=UTF-8"}

    answer, ids = await post(data, headers | {f"ce-{name}": said for name, said in event.items()})

    assert answer.status_code == 202
    assert ids == ["e-8"]


async def test_a_signed_event_goes_on_as_it_is() -> None:
    """What its sender has signed is published with the same attributes and the same bytes."""
    event = an_event("e-9")
    body = json.dumps(event.pop("data"), indent=3).encode()
    event |= {"time": "2026-03-02T10:15:00.000+01:00", "signature": f"{'h' * 20}..{'s' * 86}"}
    headers = {**AUTHORISED, "Content-Type": "application/json"}
    publish = Remembered()
    async with client_of(publish) as client:
        told = headers | {f"ce-{name}": said for name, said in event.items()}
        answer = await client.post("/events", content=body, headers=told)

    assert answer.status_code == 202
    ((published,),) = publish.calls
    attributes, value = taken_apart(encode(published))
    assert value == body
    assert {name: attributes[name] for name in event} == event


async def test_batch_is_accepted_in_order() -> None:
    """The events of a batch are published in its order by one call."""
    answer, ids = await post([an_event(f"e-{n}") for n in range(5)], BATCH)

    assert answer.status_code == 202
    assert [event["id"] for event in answer.json()["accepted"]] == ids
    assert ids == ["e-0", "e-1", "e-2", "e-3", "e-4"]


async def test_empty_batch_is_accepted() -> None:
    """A batch may be empty (CloudEvents JSON batch format)."""
    answer, ids = await post([], BATCH)

    assert (answer.status_code, answer.json(), ids) == (202, {"accepted": []}, [])


async def test_batch_is_all_or_nothing() -> None:
    """One bad event refuses the whole batch, naming its place and field; nothing is published."""
    bad = an_event("e-2", legalbasis=None)

    answer, ids = await post([an_event("e-1"), bad, an_event("e-3")], BATCH)

    assert answer.status_code == 422
    assert codes(answer) == [("legal-basis-missing", "legalbasis")]
    assert answer.json()["problems"][0]["index"] == 1
    assert ids == []


async def test_every_bad_event_of_a_batch_is_named() -> None:
    """A sender sees the problems of all events at once."""
    batch = [an_event("e-1", purpose=None), 5, an_event("e-3", time="yesterday")]

    answer, _ = await post(batch, BATCH)

    assert answer.status_code == 400
    assert {problem["index"] for problem in answer.json()["problems"]} == {0, 1, 2}


@pytest.mark.parametrize(
    ("changes", "status", "found"),
    [
        ({"legalbasis": None}, 422, ("legal-basis-missing", "legalbasis")),
        ({"purpose": None}, 422, ("purpose-missing", "purpose")),
        ({"purpose": ""}, 422, ("purpose-missing", "purpose")),
        ({"specversion": None}, 422, ("attribute-missing", "specversion")),
        ({"specversion": "0.3"}, 422, ("attribute-invalid", "specversion")),
        ({"id": 5}, 422, ("attribute-invalid", "id")),
        ({"id": "no blanks"}, 422, ("attribute-invalid", "id")),
        ({"dataclassification": "secret"}, 422, ("classification-unknown", "dataclassification")),
        ({"type": "referral.requested.v9"}, 422, ("event-type-unknown", "type")),
        ({"type": "Referral"}, 422, ("event-type-unknown", "type")),
        ({"type": None}, 422, ("attribute-missing", "type")),
        ({"data": None}, 422, ("field-missing", "data")),
        ({"data": "text"}, 400, ("value-unreadable", "data")),
        ({"datacontenttype": "text/xml"}, 422, ("attribute-invalid", "datacontenttype")),
        ({"data_base64": "e30="}, 422, ("field-invalid", "data_base64")),
        ({"sender": SOURCE}, 422, ("attribute-invalid", "sender")),
        ({"rule": "r-1"}, 422, ("attribute-invalid", "rule")),
        ({"source": "//kurze-wege/kfb/akte"}, 403, ("source-mismatch", "source")),
        ({"source": "https://example.org"}, 422, ("attribute-invalid", "source")),
    ],
)
async def test_each_fault_has_its_code_and_field(
    changes: dict[str, Any], status: int, found: tuple[str, str]
) -> None:
    """A fault in an event is named once, by stable code and field."""
    answer, ids = await post(an_event(**changes))

    assert answer.status_code == status
    assert codes(answer) == [found]
    assert ids == []


async def test_field_of_the_data_is_named_by_path() -> None:
    """A fault deep in the data is named by its dotted path."""
    event = an_event()
    event["data"]["client"]["birth_date"] = "29.02.1980"
    del event["data"]["service"]

    answer, _ = await post(event)

    assert codes(answer) == [
        ("field-invalid", "client.birth_date"),
        ("field-missing", "service"),
    ]


async def test_events_of_the_hub_are_not_taken() -> None:
    """Nobody but the hub sends receipts."""
    data = {"event_id": "e-1", "seen_by": EPPERTSHAUSEN, "seen_at": "2024-03-05T09:30:00Z"}

    answer, ids = await post(an_event(type="receipt.seen.v1", data=data))

    assert answer.status_code == 403
    assert codes(answer) == [("sender-not-permitted", "type")]
    assert ids == []


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "authorization-missing"),
        ({"Authorization": "Bearer wrong"}, 401, "authorization-unknown"),
        ({"Authorization": "Basic dXRlOnV0ZQ=="}, 401, "authorization-unknown"),
        (AUTHORISED, 415, "content-type-unsupported"),
        ({**AUTHORISED, "Content-Type": "application/json"}, 415, "content-type-unsupported"),
        ({**AUTHORISED, "Content-Type": "text/plain"}, 415, "content-type-unsupported"),
        (
            {**AUTHORISED, "Content-Type": "application/cloudevents+xml"},
            415,
            "content-type-unsupported",
        ),
        (
            {**AUTHORISED, "Content-Type": "application/cloudevents+json; charset=latin-1"},
            415,
            "content-type-unsupported",
        ),
        ({**STRUCTURED, "Content-Encoding": "gzip"}, 415, "content-encoding-unsupported"),
    ],
)
async def test_head_of_the_request_is_checked(
    headers: dict[str, str], status: int, code: str
) -> None:
    """Sender, content type and encoding are checked before the body."""
    answer, ids = await post(an_event(), headers)

    assert answer.status_code == status
    assert codes(answer) == [(code, None)]
    assert answer.headers.get("www-authenticate", "").startswith("Bearer") is (status == 401)
    assert ids == []


async def test_token_of_another_party_is_refused() -> None:
    """A party cannot send in the name of another."""
    answer, ids = await post(an_event(), STRUCTURED | {"Authorization": f"Bearer {KFB_TOKEN}"})

    assert answer.status_code == 403
    assert codes(answer) == [("source-mismatch", "source")]
    assert ids == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe{}", b"[" * 5000, b"nan", b"1e999"])
async def test_unreadable_body_is_refused(body: bytes) -> None:
    """What is not UTF-8 JSON is 400."""
    answer, _ = await post(body)

    assert answer.status_code == 400
    assert codes(answer) == [("value-unreadable", None)]


async def test_byte_order_mark_is_read_over() -> None:
    """A byte order mark in front of the JSON does no harm (RFC 8259, 8.1)."""
    answer, _ = await post(b"\xef\xbb\xbf" + json.dumps(an_event()).encode())

    assert answer.status_code == 202


async def test_large_event_is_refused() -> None:
    """An event above 64 KiB is refused, whatever the body may weigh."""
    answer, ids = await post(an_event(note="x" * 70_000))

    assert answer.status_code == 413
    assert codes(answer) == [("event-too-large", None)]
    assert ids == []


async def test_large_body_is_refused() -> None:
    """A body above the limit is refused by its declared length already."""
    answer, _ = await post(b" " * 70_000, max_body_bytes=65_536)

    assert answer.status_code == 413
    assert codes(answer) == [("body-too-large", None)]


async def test_long_batch_is_refused() -> None:
    """A batch with too many events is refused."""
    answer, ids = await post([an_event(f"e-{n}") for n in range(4)], BATCH, max_batch=3)

    assert answer.status_code == 413
    assert codes(answer) == [("batch-too-long", None)]
    assert ids == []


async def test_rate_is_kept_per_party() -> None:
    """Above its rate a party is told when to come again; refused events count, others do not."""
    publish = Remembered()
    async with client_of(publish, events_per_minute=3, max_batch=3) as client:
        batch = json.dumps([an_event("e-1"), an_event("e-2", purpose=None)])
        assert (await client.post("/events", content=batch, headers=BATCH)).status_code == 422
        one = await client.post("/events", json=an_event("e-3"), headers=STRUCTURED)
        full = await client.post("/events", json=an_event("e-4"), headers=STRUCTURED)
        other = await client.post(
            "/events",
            json=an_event("e-5", source="//kurze-wege/kfb/akte"),
            headers=STRUCTURED | {"Authorization": f"Bearer {KFB_TOKEN}"},
        )

    assert one.status_code == 202
    assert full.status_code == 429
    assert 1 <= int(full.headers["retry-after"]) <= 20
    assert codes(full) == [("rate-exceeded", None)]
    assert other.status_code == 202
    assert publish.ids == ["e-3", "e-5"]


async def test_batch_above_the_rest_of_the_rate_is_refused_whole() -> None:
    """A batch with more events than are left is refused and counts nothing."""
    publish = Remembered()
    async with client_of(publish, events_per_minute=3, max_batch=3) as client:
        batch = [an_event(f"e-{n}") for n in range(2)]
        first = await client.post("/events", json=batch, headers=BATCH)
        second = await client.post("/events", json=batch, headers=BATCH)
        single = await client.post("/events", json=an_event("e-9"), headers=STRUCTURED)

    assert [answer.status_code for answer in (first, second, single)] == [202, 429, 202]
    assert publish.ids == ["e-0", "e-1", "e-9"]


async def test_unreadable_bodies_count_as_events() -> None:
    """Nonsense uses up the rate like events do."""
    async with client_of(Remembered(), events_per_minute=2, max_batch=2) as client:
        bodies = [b"{", b"{", json.dumps(an_event()).encode()]
        answers = [await client.post("/events", content=b, headers=STRUCTURED) for b in bodies]

    assert [answer.status_code for answer in answers] == [400, 400, 429]


async def test_body_is_read_of_those_only_who_may_send_now() -> None:
    """Without a known token, and above the rate, not a byte of the body is taken."""
    taken: list[bytes] = []

    async def watched() -> AsyncIterator[bytes]:
        taken.append(b"{}")
        yield b"{}"

    async with client_of(Remembered(), events_per_minute=1, max_batch=1) as client:
        unknown = STRUCTURED | {"Authorization": "Bearer nobody"}
        stranger = await client.post("/events", content=watched(), headers=unknown)
        await client.post("/events", json=an_event(), headers=STRUCTURED)
        hasty = await client.post("/events", content=watched(), headers=STRUCTURED)

    assert (stranger.status_code, hasty.status_code) == (401, 429)
    assert taken == []


async def test_outage_is_said_with_a_time() -> None:
    """When Kafka does not acknowledge, the answer is 503 with the time to come again."""

    def away(events: Sequence[Event[Data]]) -> None:  # noqa: ARG001 - nothing is taken
        raise Later(6.2, "the broker is away")

    async with client_of(away) as client:
        answer = await client.post("/events", json=an_event(), headers=STRUCTURED)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "7"
    assert codes(answer) == [("not-acknowledged", None)]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/events", 405, "method-not-allowed"),
        ("PUT", "/events", 405, "method-not-allowed"),
        ("POST", "/events/", 404, "not-found"),
        ("GET", "/admin?token=x", 404, "not-found"),
    ],
)
async def test_unknown_addresses_have_problem_details_too(
    method: str, path: str, status: int, code: str
) -> None:
    """Every refusal has a code, also where there is nothing."""
    async with client_of(Remembered()) as client:
        answer = await client.request(method, path)

    assert answer.status_code == status
    assert codes(answer) == [(code, None)]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ("allow" in answer.headers) is (status == 405)
