"""Connectors as `hub doctor` sees them, and what they need on the broker."""

import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from connectors.file_drop.options import FileDropOptions
from connectors.file_drop.source import FileDropSource
from connectors.serving import Address, serve
from hub.doctor import connectors, needs, rights
from hub.doctor.addresses import answers
from hub.doctor.check import Check, Health
from hub.doctor.watchman import monitor
from hub.doors import DOORS
from hub.origins import load
from hub.settings import Settings
from hub.users.roles import users

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def _of(settings: Settings) -> dict[str, Check]:
    """What can be said without a broker."""
    return {one.part: one for one in connectors.of(settings, NOW, broker_answers=False)}


@pytest.mark.parametrize(
    ("signs", "health", "says"),
    [
        ({"g.a": 1, "g.b": 10}, Health.OK, "reads"),
        ({"g.a": 1, "g.b": 11}, Health.WARN, "11 s ago"),
        ({"g.a": 1}, Health.WARN, "has never read as g.b"),
    ],
)
def test_a_sink_by_its_signs(signs: dict[str, int], health: Health, says: str) -> None:
    """A sink is well if each of its groups gave a sign a moment ago."""
    told = {group: NOW - timedelta(seconds=ago) for group, ago in signs.items()}
    found = connectors.sink("webhook", ["g.a", "g.b"], told, NOW)

    assert (found.part, found.health) == ("webhook", health)
    assert says in found.found
    assert ("hub connect webhook" in found.remedy) is (health is not Health.OK)


def test_file_drop(tmp_path: Path) -> None:
    """The folders are served while a file drop runs, and not a moment longer."""
    settings = load({"file_drop.root": str(tmp_path)})
    source = FileDropSource(FileDropOptions(root=tmp_path))
    served = _of(settings)["file_drop"]
    source.close()
    alone = _of(settings)["file_drop"]

    assert served.health is Health.OK
    assert alone.health is Health.WARN
    assert "hub connect file_drop" in alone.remedy


def test_what_is_not_asked_for_is_not_looked_for(tmp_path: Path) -> None:
    """Without settings for a connector nothing is said of it."""
    assert _of(load({"file_drop.root": str(tmp_path / "none")})) == {}


def test_a_door_that_does_not_answer() -> None:
    """A door at which nobody answers is a failure that names address and command."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = load({"http_api.port": port, "http_api.tokens": {"0" * 64: "kfb"}})
    found = _of(settings)["http_api"]

    assert found.health is Health.FAIL
    assert f"127.0.0.1:{port}" in found.found
    assert "hub connect http_api" in found.remedy


def test_an_address_that_accepts_and_is_silent() -> None:
    """A process that hangs takes connections and does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        assert "ReadTimeout" in answers("127.0.0.1", frozen.getsockname()[1])


def test_any_answer_will_do() -> None:
    """Who answers is there, also where it is asked at the address that means everywhere."""
    stop, opened = threading.Event(), threading.Event()
    ports: list[int] = []

    def at(port: int) -> None:
        ports.append(port)
        opened.set()

    app = Starlette(routes=[Route("/", PlainTextResponse("there"))])
    serving = threading.Thread(target=serve, args=(app, Address("127.0.0.1", 0), stop, at))
    serving.start()
    try:
        assert opened.wait(30)
        assert answers("0.0.0.0", ports[0]) == ""  # noqa: S104 - asked, not listened on
    finally:
        stop.set()
        serving.join()


def test_the_monitor(tmp_path: Path) -> None:
    """A monitor is missed where it has run before, and not where nobody asked for one."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    state = tmp_path / "monitor.json"
    settings = load({"monitor.port": port, "monitor.state": str(state)})

    assert monitor(settings).health is Health.OK
    state.touch()
    assert monitor(settings).health is Health.WARN
    assert "hub monitor" in monitor(settings).remedy


def test_needs() -> None:
    """A worker needs all it reads and writes, a connector only what it is there for."""
    asked = {"backoffice.parties": "kfb", "topic_prefix": "t."}
    needed = dict(needs.of(load(asked | {"http_api.tokens": {"0" * 64: "kfb"}})))

    assert set(needed) == {"worker", "backoffice", "http_api", "ledger"}
    assert needed["backoffice"].topics == {"t.to.kfb": {"READ"}}
    assert needed["backoffice"].groups == ("t.kurze-wege.backoffice",)
    assert needed["ledger"].topics == {"t.ledger": {"READ"}}
    inputs = {f"t.{name}" for name in ("referrals", "address-changes", "support-offers", "probes")}
    assert needed["http_api"].topics == {name: {"WRITE"} for name in inputs}
    worker = needed["worker"]
    assert worker.topics["t.referrals"] == {"READ"}
    assert worker.topics["t.lanes.state"] == worker.topics["t.lanes.offers"] == {"READ", "WRITE"}
    assert worker.topics["t.to.06432005"] == worker.topics["t.referrals.dead"] == {"WRITE"}
    assert worker.transactions == ("t.kurze-wege.0",)


@pytest.mark.parametrize(
    ("user", "parts"),
    [
        ("t.sink", {"backoffice"}),
        ("t.worker", {"worker"}),
        ("t.ledger", {"ledger"}),
        ("t.monitor", set()),
        ("operator", {"worker", "backoffice", "ledger"}),
    ],
)
def test_a_user_for_one_kind_of_process(user: str, parts: set[str]) -> None:
    """Of a user made for one kind of process nothing is asked that others need."""
    login = {"kafka.security_protocol": "SASL_SSL", "kafka.password": "an-invented-one"}
    asked = {"backoffice.parties": "kfb", "topic_prefix": "t.", "file_drop.root": "none"}

    assert set(rights.of_this_user(load(login | asked | {"kafka.username": user}))) == parts


def test_every_part_comes_as_a_user_of_the_hub() -> None:
    """The roles are those that `hub users` makes."""
    assert set(needs.ROLES.values()) | {"monitor"} == {one.role for one in users("", "group")}
    assert set(needs.ROLES) == {*DOORS, "worker"} - {"hsds"}
