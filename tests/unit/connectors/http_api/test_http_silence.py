"""What the door keeps to itself: content, tokens, the messages of its own faults."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from schemas.data import Data
from schemas.envelope import Event
from tests.support.http_door import AUTHORISED, STRUCTURED, TOKEN, Remembered, an_event, client_of

MARK = "zebrafink"


def marked(**changes: object) -> dict[str, Any]:
    """An event with a mark in every personal field."""
    event = an_event()
    event["data"]["client"] |= {
        "family_name": MARK,
        "given_names": MARK,
        "client_id": MARK,
        "email": f"{MARK}@example.org",
        "address": {"street": MARK, "house_number": "1", "postal_code": "64859", "city": MARK},
    }
    event["data"]["note"] = MARK
    event["data"]["service"] = "benefit_advice"
    return event | changes


def faulty() -> list[Any]:
    """Events that are wrong exactly where the mark stands."""
    wrong_values = marked()
    for field in ("birth_date", "phone", "ags", "languages", "contact_prohibited"):
        wrong_values["data"]["client"][field] = f"{MARK} {field}"
    free_text = marked()
    free_text["data"]["service"] = "addiction_counselling"
    attributes = {
        name: f"{MARK} {name}"
        for name in ("id", "subject", "time", "purpose", "legalbasis", "recipient", "traceparent")
    }
    return [
        wrong_values,
        free_text,
        marked(**attributes),
        marked(type=MARK),
        marked(source=f"//kurze-wege/kfb/{MARK}"),
        [marked()],
        MARK,
        marked(data=MARK),
        marked(data_base64=MARK),
    ]


@pytest.mark.parametrize("body", faulty())
async def test_refusal_repeats_no_value(body: object) -> None:
    """Neither the answer nor the log repeats what was refused."""
    with capture_logs() as logs:
        async with client_of(Remembered()) as client:
            answer = await client.post(
                f"/events?name={MARK}", content=json.dumps(body), headers=STRUCTURED
            )

    assert 400 <= answer.status_code < 500
    assert MARK not in answer.text
    assert MARK not in str(answer.headers)
    assert MARK not in str(logs)
    assert len(logs) == 1


async def test_refused_headers_repeat_no_value() -> None:
    """In binary mode neither."""
    headers = {**AUTHORISED, "Content-Type": "application/json"}
    headers |= {f"ce-{name}": f"{MARK} %C0" for name in ("id", "source", "type", "time")}

    with capture_logs() as logs:
        async with client_of(Remembered()) as client:
            answer = await client.post("/events", content=MARK, headers=headers)

    assert 400 <= answer.status_code < 500
    assert MARK not in answer.text + str(logs)


async def test_accepted_event_is_one_line_with_ids() -> None:
    """The log names party, status, number, ids, trace and duration, and nothing else."""
    with capture_logs() as logs:
        async with client_of(Remembered()) as client:
            await client.post("/events", json=marked(id="e-42"), headers=STRUCTURED)

    [line] = logs
    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "http_request",
        "log_level": "info",
        "party": "06432005",
        "status": 202,
        "events": 1,
        "ids": ("e-42",),
        "codes": (),
        "traceparent": None,
    }


async def test_fault_of_ours_keeps_its_message() -> None:
    """A fault inside is answered 500 without its words, and logged by kind and place."""

    def broken(events: Sequence[Event[Data]]) -> None:  # noqa: ARG001 - nothing is taken
        raise KeyError(MARK)

    with capture_logs() as logs:
        async with client_of(broken) as client:
            answer = await client.post("/events", json=marked(), headers=STRUCTURED)

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["problems"][0]["code"] == "fault-of-ours"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert MARK not in answer.text + str(logs)
    assert [(line["event"], line.get("error")) for line in logs] == [
        ("http_fault", "KeyError"),
        ("http_request", None),
    ]


async def test_tokens_are_not_logged() -> None:
    """Neither a known nor an unknown token reaches the log or the answer."""
    with capture_logs() as logs:
        async with client_of(Remembered()) as client:
            headers = STRUCTURED | {"Authorization": f"Bearer {MARK}"}
            answer = await client.post("/events", json=an_event(), headers=headers)
            await client.post("/events", json=an_event(), headers=STRUCTURED)

    assert answer.status_code == 401
    assert MARK not in str(logs) + answer.text
    assert TOKEN not in str(logs)


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/openapi.json", "/events", "/nowhere"])
async def test_every_answer_has_safe_headers(path: str) -> None:
    """No sniffing, no caching, no scripts, wherever one looks."""
    async with client_of(Remembered()) as client:
        answer = await client.get(path)

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "http://" not in answer.text
    assert "https://" not in answer.text
