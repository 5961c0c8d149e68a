"""One trace from door to inbox, by real processes, at a real collector."""

import json
import signal
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from connectors.callers.tokens import digest
from tests.support.builders import KFB, a_referral
from tests.support.command import hub, running_hub
from tests.support.http_door import EPPERTSHAUSEN, STRUCTURED, TOKEN
from tests.support.otlp import CONSUMER, PRODUCER, Collected, Told, collector
from tests.support.tracer import PARENT, TRACE_ID
from tests.support.waiting import until
from tests.support.wire_forms import structured

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

WAY = {
    "http_api": ("send", PRODUCER),
    "worker": ("process", CONSUMER),
    "backoffice": ("process", CONSUMER),
    "ledger": ("process", CONSUMER),
}
"""Who tells what of an event; the inbox has the delivery as well as the receipt."""


def _port(folder: Path) -> int | None:
    lines = map(json.loads, (folder / "err.log").read_text(encoding="utf-8").splitlines())
    return next((line["port"] for line in lines if line["event"] == "http_door_open"), None)


def _inbox(database: str) -> Mapping[str, str]:
    """The trace of each delivery's cause."""
    engine = create_engine(database)
    try:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT causation_id, traceparent FROM inbox"))
            return {row.causation_id: row.traceparent for row in rows}
    finally:
        engine.dispose()


def _way(spans: list[Told]) -> set[tuple[str, str, int]]:
    return {(one.part, one.said["messaging.operation.type"], one.kind) for one in spans}


def test_one_trace_from_door_to_inbox(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    """Door, lane and sinks tell one trace; it is the sender's where there is one, and no person's.

    The delivery in the inbox names the lane's span.
    """
    collected = Collected()
    database = f"sqlite:///{tmp_path}/inbox.sqlite"
    with ExitStack() as stack:
        env = {
            "HUB_KAFKA__BOOTSTRAP": kafka,
            "HUB_TOPIC_PREFIX": topic_prefix,
            "HUB_HTTP_API__PORT": "0",
            "HUB_HTTP_API__TOKENS": json.dumps({digest(TOKEN): EPPERTSHAUSEN}),
            "HUB_BACKOFFICE__PARTIES": f"{KFB},{EPPERTSHAUSEN}",
            "HUB_BACKOFFICE__DATABASE": database,
            "HUB_TRACING__ENDPOINT": stack.enter_context(collector(collected)),
        }
        assert hub("topics", "apply", folder=tmp_path, env=env).code == 0
        parts = ("connect http_api", "worker", "connect backoffice", "connect ledger")
        running = [
            stack.enter_context(running_hub(*part.split(), folder=tmp_path, env=env))
            for part in parts
        ]
        until(lambda: _port(tmp_path) is not None)
        address = f"http://127.0.0.1:{_port(tmp_path)}/events"
        for event_id, trace in (("e-own", PARENT), ("e-none", None)):
            event = a_referral(
                at=datetime.now(UTC), id=event_id, on=f"case-of-{event_id}", traceparent=trace
            )
            sent = httpx.post(address, headers=STRUCTURED, json=structured(event), timeout=120)
            assert sent.status_code == 202
        until(lambda: len(collected.spans) >= 2 * (len(WAY) + 1))
        for process in running:
            process.send_signal(signal.SIGTERM)
        ended = [process.wait(60) for process in running]

    doors = {
        one.said["cloudevents.event_id"]: one for one in collected.spans if one.parent_id == ""
    }
    own = [one for one in collected.spans if one.trace_id == TRACE_ID]
    other = [one for one in collected.spans if one.trace_id == doors["e-none"].trace_id]
    (lane,) = (one for one in own if one.part == "worker")
    (door,) = (one for one in own if one.part == "http_api")
    sinks = [one for one in own if one.part in ("backoffice", "ledger")]
    assert ended == [0] * len(parts)
    assert set(doors) == {"e-none"}
    assert len(own) == len(other) == len(WAY) + 1
    assert len(collected.spans) == len(own) + len(other)
    assert _way(own) == _way(other) == {(part, *told) for part, told in WAY.items()}
    assert (door.parent_id, lane.parent_id) == (PARENT.split("-")[2], door.span_id)
    assert {one.parent_id for one in sinks} == {lane.span_id}
    assert lane.said["hub.rules"] == ["referral-by-service-and-residence"]
    assert all(one.took_ns > 0 for one in own)
    assert _inbox(database)["e-own"].split("-")[1:3] == [TRACE_ID, lane.span_id]
    said = b"".join(collected.raw)
    for person in (b"Beispiel", b"Mia", b"epp-4711", b"Musterweg", b"case-of-"):
        assert person not in said
