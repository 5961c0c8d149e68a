"""`hub demo`: a day through the whole hub, with real processes, counted at both ends."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest

from schemas.codec import Record
from tests.support import topics
from tests.support.command import running_hub
from tests.support.waiting import until
from tests.support.working_day import make_day, write_day

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

WITHIN_S = 200
NOTHING_WRONG = {"lost": 0, "repeated": 0, "unexpected": 0, "missed": 0, "unproven": 0}
THEIRS = ("to.kfb", "referrals", "somebody.elses")


@pytest.fixture
def small_day(tmp_path: Path) -> Path:
    """A folder with a short day."""
    folder = tmp_path / "day"
    write_day(folder, make_day(seed=7, n=120))
    return folder


def _demo(*words: str, folder: Path) -> tuple[int, str]:
    with running_hub("demo", *words, folder=folder) as demo:
        out, _ = demo.communicate(timeout=WITHIN_S)
        return demo.returncode, out


def _told(folder: Path) -> str:
    return (folder / "err.log").read_text(encoding="utf-8")


def _names(bootstrap: str) -> set[str]:
    """The topics and groups that are there, but for Kafka's own."""
    with topics.admin(bootstrap) as admin:
        groups = {group["group_id"] for group in admin.list_groups()}
        return groups | {name for name in admin.list_topics() if not name.startswith("__")}


def test_once(tmp_path: Path) -> None:
    """On a Kafka of its own nothing is lost or repeated, every planted fault is refused."""
    code, out = _demo("--once", "-o", "json", folder=tmp_path)
    said = json.loads(out)

    assert (code, said | NOTHING_WRONG) == (0, said)
    assert said["events_in"] > 300
    assert said["delivered"] > said["events_in"]
    assert 0 < said["dead"] < said["refused"] < 0.05 * said["events_in"]
    assert 0 < said["p50_ms"] <= said["p99_ms"]
    assert not list((tmp_path / ".kurze-wege" / "demo").iterdir())


def test_on_a_broker_already_there(kafka: str, tmp_path: Path, small_day: Path) -> None:
    """Other people's topics stay as they were, of ours nothing stays: no topic, no group."""
    with topics.admin(kafka) as admin:
        theirs = [name for name in THEIRS if name not in admin.list_topics()]
    topics.create(kafka, theirs)
    with topics.transactional(kafka, "somebody-else") as producer:
        record = Record(b"key", b"not an event", [])
        topics.transact(producer, [(name, record) for name in THEIRS])
    before = {name: topics.read(kafka, name) for name in THEIRS}
    there = _names(kafka)

    words = ("--once", "-o", "json", "--day", str(small_day), "--bootstrap", kafka)
    code, out = _demo(*words, folder=tmp_path)
    said = json.loads(out)

    assert (code, said | NOTHING_WRONG) == (0, said)
    assert {name: topics.read(kafka, name) for name in THEIRS} == before
    until(lambda: _names(kafka) <= there, 20)


def test_stays_up_until_ctrl_c(kafka: str, tmp_path: Path, small_day: Path) -> None:
    """Without --once it opens two back offices and says where to look; Ctrl-C ends all."""
    there = _names(kafka)
    words = ("--day", str(small_day), "--bootstrap", kafka)
    with running_hub("demo", *words, folder=tmp_path) as demo:
        until(lambda: "Ctrl-C ends it" in _told(tmp_path), WITHIN_S)
        until(lambda: "hub topics drift" in _told(tmp_path), 10)
        children = psutil.Process(demo.pid).children(recursive=True)
        assert len([child for child in children if "hub" in child.cmdline()]) == 7
        (run,) = (tmp_path / ".kurze-wege" / "demo").iterdir()
        assert (run / "tokens.txt").stat().st_mode & 0o077 == 0
        demo.send_signal(signal.SIGINT)
        out, _ = demo.communicate(timeout=60)

    assert demo.returncode == 0
    assert "median ms" in out
    assert {
        *("parties", "inbox.sqlite", "ledger.sqlite", "logs"),
        *("desk-kfb.sqlite", "desk-06432005.sqlite"),
    } <= {left.name for left in run.iterdir()}
    assert psutil.wait_procs(children, 10)[1] == []
    until(lambda: _names(kafka) <= there, 20)


def test_stopped_early(tmp_path: Path) -> None:
    """Ctrl-C before the day is over ends everything too, says so, and fails."""
    with running_hub("demo", "--once", folder=tmp_path) as demo:
        until(lambda: "Starting Apache Kafka" in _told(tmp_path), WITHIN_S)
        demo.send_signal(signal.SIGINT)
        children = psutil.Process(demo.pid).children(recursive=True)
        demo.communicate(timeout=WITHIN_S)

    assert demo.returncode == 1
    assert "stopped before its day was over" in _told(tmp_path)
    assert psutil.wait_procs(children, 10)[1] == []


def test_killed(kafka: str, tmp_path: Path, small_day: Path) -> None:
    """Even its kill -9 leaves no process behind."""
    words = ("--day", str(small_day), "--bootstrap", kafka)
    with running_hub("demo", *words, folder=tmp_path) as demo:
        until(lambda: len(_children(demo)) == 5, WITHIN_S)
        children = _children(demo)
        demo.kill()
        assert psutil.wait_procs(children, 20)[1] == []


def test_says_no_when_something_is_missing(kafka: str, tmp_path: Path, small_day: Path) -> None:
    """A copy that was expected and did not come is lost, and the command fails."""
    file = small_day / "expected.json"
    expected: dict[str, Any] = json.loads(file.read_text("utf-8"))
    only_kfb = next(event for event in expected["events"] if event["recipients"] == ["kfb"])
    only_kfb["recipients"].append("06432001")
    file.write_text(json.dumps(expected), "utf-8")

    words = ("--once", "-o", "json", "--day", str(small_day), "--bootstrap", kafka)
    code, out = _demo(*words, folder=tmp_path)

    said = json.loads(out)
    assert (code, said | NOTHING_WRONG | {"lost": 1}) == (1, said)
    assert "the logs are in" in _told(tmp_path)


def _children(demo: subprocess.Popen[str]) -> list[psutil.Process]:
    every = psutil.Process(demo.pid).children(recursive=True)
    return [child for child in every if "hub" in child.cmdline()]
