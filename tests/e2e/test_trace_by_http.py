"""The trail as a party's system asks for it at the HTTP door, by real processes."""

import json
import signal
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.callers.tokens import digest
from tests.support.builders import KFB, a_referral
from tests.support.command import hub, running_hub
from tests.support.http_door import AUTHORISED, EPPERTSHAUSEN, KFB_TOKEN, STRUCTURED, TOKEN
from tests.support.waiting import until
from tests.support.wire_forms import structured

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

STRANGER = "invented-token-of-dieburg-0123456789abcdef"


def _port(folder: Path) -> int | None:
    lines = map(json.loads, (folder / "err.log").read_text(encoding="utf-8").splitlines())
    return next((line["port"] for line in lines if line["event"] == "http_door_open"), None)


def _asked(client: httpx.Client, token: str = TOKEN) -> httpx.Response:
    return client.get("/trace/e-request", headers={"Authorization": f"Bearer {token}"})


def _steps(answer: httpx.Response) -> set[str]:
    trails: list[dict[str, Any]] = answer.json().get("trails", [])
    return {step["step"] for trail in trails for step in trail["steps"]}


def test_a_sender_sees_what_became_of_it(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    """Sender and recipient see the trail of what was posted, nobody else; before, 503 says why."""
    tokens = {digest(TOKEN): EPPERTSHAUSEN, digest(KFB_TOKEN): KFB, digest(STRANGER): "06432004"}
    env = {
        "HUB_KAFKA__BOOTSTRAP": kafka,
        "HUB_TOPIC_PREFIX": topic_prefix,
        "HUB_HTTP_API__PORT": "0",
        "HUB_HTTP_API__TOKENS": json.dumps(tokens),
    }
    assert hub("topics", "apply", folder=tmp_path, env=env).code == 0
    with ExitStack() as stack:
        door = stack.enter_context(running_hub("connect", "http_api", folder=tmp_path, env=env))
        until(lambda: _port(tmp_path) is not None)
        address = f"http://127.0.0.1:{_port(tmp_path)}"
        client = stack.enter_context(httpx.Client(base_url=address, timeout=60))
        early = _asked(client)
        for words in ("worker", "connect ledger"):
            stack.enter_context(running_hub(*words.split(), folder=tmp_path, env=env))
        event = a_referral(at=datetime.now(UTC), id="e-request", on="case-1")
        posted = client.post("/events", headers=STRUCTURED, json=structured(event))
        until(lambda: "delivered" in _steps(_asked(client)))
        shown = {token: _asked(client, token) for token in (TOKEN, KFB_TOKEN, STRANGER, "none")}
        door.send_signal(signal.SIGTERM)
        ended = door.wait(30)

    assert (posted.status_code, ended) == (202, 0)
    assert (early.status_code, early.headers["Retry-After"]) == (503, "5")
    assert [answer.status_code for answer in shown.values()] == [200, 200, 404, 401]
    assert {"sent", "received", "routed", "delivered"} <= _steps(shown[TOKEN])
    assert shown[TOKEN].headers["Cache-Control"] == "no-store"
    assert "Beispiel" not in shown[TOKEN].text
    assert AUTHORISED["Authorization"] not in (tmp_path / "err.log").read_text(encoding="utf-8")
