"""The commands that talk to Kafka, as real processes: they start, serve, and end well."""

import json
import signal
import socket
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from connectors.callers.tokens import digest
from schemas.topics import LANE_TOPICS
from tests.support.command import hub, running_hub
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

A_TOKEN = {"HUB_HTTP_API__TOKENS": json.dumps({digest("an-invented-token"): "kfb"})}
EXAMPLE = Path("schemas/examples/referral.requested/v1/valid/minimal.json").resolve()


@pytest.fixture(name="env")
def _env(kafka: str, topic_prefix: str) -> dict[str, str]:
    """Settings of a hub of this test's own on the shared broker."""
    return {"HUB_KAFKA__BOOTSTRAP": kafka, "HUB_TOPIC_PREFIX": topic_prefix}


def _logged(folder: Path) -> str:
    return (folder / "err.log").read_text(encoding="utf-8")


def _ended(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(number)
    return process.wait(30)


def test_topics_and_doctor(env: dict[str, str], tmp_path: Path) -> None:
    """Drift exits 3 until apply has made the topics; doctor is content once all runs."""
    missing = hub("topics", "drift", "-o", "json", folder=tmp_path, env=env)
    planned = hub("topics", "plan", folder=tmp_path, env=env)
    applied = hub("topics", "apply", folder=tmp_path, env=env)
    again = hub("topics", "drift", "-o", "json", folder=tmp_path, env=env)
    idle = hub("doctor", "-o", "json", folder=tmp_path, env=env)

    assert [one.code for one in (missing, planned, applied, again)] == [3, 0, 0, 0]
    assert missing.data["drift"] is True
    assert env["HUB_TOPIC_PREFIX"] + "to.kfb" in planned.out
    assert again.data["differences"] == []
    assert idle.code == 3
    assert {c["part"] for c in idle.data["checks"] if c["health"] != "ok"} == {"workers", "ledger"}

    with (
        running_hub("worker", folder=tmp_path, env=env) as worker,
        running_hub("connect", "ledger", folder=tmp_path, env=env) as ledger,
    ):
        until(lambda: "lanes_opened" in _logged(tmp_path))
        until(lambda: hub("doctor", folder=tmp_path, env=env).code == 0)
        busy = hub("doctor", "-o", "json", folder=tmp_path, env=env)
        assert _ended(ledger) == 0
        assert _ended(worker) == 0
        assert worker.stdout
        assert worker.stdout.read() == ""

    assert busy.code == 0
    lanes = sum(topic.partitions for topic in LANE_TOPICS)
    found = {c["part"]: c["found"] for c in busy.data["checks"]}
    assert found["workers"] == f"1 with {lanes} of {lanes} lanes"
    assert all(json.loads(line)["event"] for line in _logged(tmp_path).splitlines())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    ("name", "serves"),
    [
        ("file_drop", "connector_starting"),
        ("http_api", "http_door_open"),
        ("backoffice", "connector_starting"),
        ("offers", "connector_starting"),
        ("hsds", "directory_open"),
    ],
)
def test_connectors_end_well(
    env: dict[str, str], tmp_path: Path, name: str, serves: str, number: signal.Signals
) -> None:
    """A connector ends with 0 on SIGTERM and Ctrl-C, having said so, without a traceback."""
    given = {
        "HUB_HTTP_API__PORT": "0",
        "HUB_BACKOFFICE__PARTIES": "kfb",
        "HUB_HSDS__PARTIES": "kfb",
        "HUB_HSDS__PORT": "0",
    } | A_TOKEN

    with running_hub("connect", name, folder=tmp_path, env=env | given) as connector:
        until(lambda: serves in _logged(tmp_path))
        assert _ended(connector, number) == 0

    assert "connector_stopped" in _logged(tmp_path)
    assert "Traceback" not in _logged(tmp_path)


def test_a_port_that_is_taken(env: dict[str, str], tmp_path: Path) -> None:
    """A door that cannot listen says where and what to do, and exits 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ("connect", "http_api", "--set", f"http_api.port={port}")
        said = hub(*words, "--log-level", "ERROR", folder=tmp_path, env=env | A_TOKEN)

    assert said.code == 1
    assert f"Error: 127.0.0.1:{port}: Cannot listen: Address already in use." in said.err


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_a_certificate_that_cannot_be_used(
    env: dict[str, str], tmp_path: Path, content: str | None
) -> None:
    """A certificate that is missing or broken is an error of the settings, with its names."""
    if content:
        (tmp_path / "own.pem").write_text(content, encoding="utf-8")
    given = {
        "HUB_HTTP_API__PORT": "0",
        "HUB_HTTP_API__TLS_CERTIFICATE": "own.pem",
        "HUB_HTTP_API__TLS_KEY": "own.pem",
    } | A_TOKEN
    said = hub("connect", "http_api", folder=tmp_path, env=env | given)

    assert said.code == 2
    assert "Error: http_api.tls_certificate and tls_key: Cannot be used: " in said.err


def test_broker(tmp_path: Path) -> None:
    """`hub broker` prints its address on stdout, serves there, and leaves no process behind."""
    with running_hub("broker", folder=tmp_path) as broker:
        assert broker.stdout
        bootstrap = broker.stdout.readline().strip()
        family = psutil.Process(broker.pid).children(recursive=True)
        said = hub("doctor", "-o", "json", "--bootstrap", bootstrap, folder=tmp_path)
        assert _ended(broker) == 0
        assert broker.stdout.read() == ""

    assert {c["part"]: c["health"] for c in said.data["checks"]}["broker"] == "ok"
    assert family
    assert [one for one in family if one.is_running()] == []


def _referral(number: int) -> str:
    event = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    event["data"] |= {"service": "benefit_advice"}
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    event |= {"purpose": "benefits", "legalbasis": "sgb10-69", "time": yesterday}
    return json.dumps(event | {"id": f"e-{number}", "subject": f"case-{number}"})


def _inbox(folder: Path) -> int:
    with closing(sqlite3.connect(folder / ".kurze-wege" / "backoffice.sqlite")) as database:
        count: int = database.execute("SELECT count(*) FROM inbox").fetchone()[0]
        return count


def test_up(env: dict[str, str], tmp_path: Path) -> None:
    """`hub up` makes the topics, runs what is configured, restarts what dies, ends it all."""
    given = {"HUB_FILE_DROP__PARTIES": "06432005", "HUB_BACKOFFICE__PARTIES": "kfb"}
    parties = tmp_path / ".kurze-wege" / "parties"
    logs = tmp_path / ".kurze-wege" / "logs"

    with running_hub("up", "--workers", "2", folder=tmp_path, env=env | given) as running:
        until((parties / "06432005" / "in").is_dir)
        _drop(parties / "06432005" / "in", "one.jsonl", [_referral(n) for n in range(20)])
        until(lambda: (logs / "backoffice.log").exists() and _kept(tmp_path) == 20)
        before = _workers(running.pid)
        before[0].kill()
        until(lambda: len(_workers(running.pid)) == 2 and before[0] not in _workers(running.pid))
        _drop(parties / "06432005" / "in", "two.jsonl", [_referral(n) for n in range(20, 40)])
        until(lambda: _kept(tmp_path) == 40)
        family = psutil.Process(running.pid).children(recursive=True)
        assert _ended(running) == 0

    assert len(family) >= 4
    assert [one for one in family if one.is_running()] == []
    assert "http_api is left out: http_api.tokens is not set." in _logged(tmp_path)
    assert "Muster" not in "".join(log.read_text(encoding="utf-8") for log in logs.iterdir())


def _drop(inbox: Path, name: str, lines: list[str]) -> None:
    (inbox / f".{name}").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (inbox / f".{name}").rename(inbox / name)


def _kept(folder: Path) -> int:
    try:
        return _inbox(folder)
    except sqlite3.OperationalError:  # the tables are not there yet
        return 0


def _workers(pid: int) -> list[psutil.Process]:
    children = psutil.Process(pid).children(recursive=True)
    return [one for one in children if one.is_running() and "worker" in _words(one)]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
