"""From an offer to the open directory: worker, sink and web application as real processes."""

import json
import signal
import socket
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.runner.publisher import Publisher
from hub.hsds.ids import service_id
from schemas.envelope import party_of
from tests.support.builders import EPPERTSHAUSEN, a_move, a_withdrawn_offer, an_offer
from tests.support.command import hub, running_hub
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]


@pytest.fixture(name="env")
def _env(kafka: str, topic_prefix: str) -> dict[str, str]:
    """Settings of a hub of this test's own on the shared broker, with a directory."""
    return {
        "HUB_KAFKA__BOOTSTRAP": kafka,
        "HUB_TOPIC_PREFIX": topic_prefix,
        "HUB_HSDS__PARTIES": "kfb",
        "HUB_HSDS__PORT": "0",
    }


def _logged(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "err.log").read_text(encoding="utf-8")
    return [line for line in map(json.loads, text.splitlines()) if line["event"] == name]


def test_an_offer_is_shown_to_the_world(env: dict[str, str], tmp_path: Path) -> None:
    """An offer that was published stands in the directory, until it is withdrawn."""
    assert hub("topics", "apply", folder=tmp_path, env=env).code == 0
    now = datetime.now(UTC)
    offer = an_offer(at=now, assured_date=now.date().isoformat(), on="offer-cafe")

    with ExitStack() as stack:
        running = {
            name: stack.enter_context(running_hub(*name.split(), folder=tmp_path, env=env))
            for name in ("worker", "connect offers", "connect hsds")
        }
        connection = {"bootstrap_servers": env["HUB_KAFKA__BOOTSTRAP"]}
        publish = stack.enter_context(closing(Publisher(connection, env["HUB_TOPIC_PREFIX"])))
        publish([a_move(at=now, on="case-1"), offer])
        until(lambda: bool(_logged(tmp_path, "directory_open")))
        (opened,) = _logged(tmp_path, "directory_open")
        client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{opened['port']}"))

        until(lambda: client.get("/services").json()["total_items"] == 1)
        (listed,) = client.get("/services", params={"area": EPPERTSHAUSEN}).json()["contents"]
        publish([a_withdrawn_offer(at=datetime.now(UTC), on="offer-cafe")])
        here = f"/services/{listed['id']}"
        until(lambda: client.get(here).json()["status"] == "defunct")
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        assert {name: process.wait(30) for name, process in running.items()} == dict.fromkeys(
            running, 0
        )

    assert listed["id"] == service_id(party_of(offer.context.source), "offer-cafe")
    assert (listed["name"], listed["status"]) == ("Sprachcafé", "active")
    assert {one["connector"] for one in _logged(tmp_path, "connector_stopped")} == {
        "offers",
        "hsds",
    }


def test_a_port_that_is_taken(env: dict[str, str], tmp_path: Path) -> None:
    """A directory that cannot listen says where and what to do, and exits 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ("connect", "hsds", "--set", f"hsds.port={port}", "--log-level", "ERROR")
        said = hub(*words, folder=tmp_path, env=env)

    assert said.code == 1
    assert f"Error: 127.0.0.1:{port}: Cannot listen: Address already in use." in said.err
    assert "What to do: Set hsds.host and hsds.port" in said.err
