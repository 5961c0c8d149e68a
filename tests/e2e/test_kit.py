"""`hub kit`: the cases on a real hub, played by the kit and by somebody's own connector."""

import json
import re
import signal
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import pytest

from tests.support import topics
from tests.support.command import hub, running_hub
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

WITHIN_S: Final = 200
YOU: Final = "06432005"


def _told(folder: Path) -> str:
    return (folder / "err.log").read_text(encoding="utf-8")


def _names(bootstrap: str) -> set[str]:
    """The topics and groups that are there, but for Kafka's own."""
    with topics.admin(bootstrap) as admin:
        groups = {group["group_id"] for group in admin.list_groups()}
        return groups | {name for name in admin.list_topics() if not name.startswith("__")}


def _nothing_is_left(folder: Path) -> bool:
    return not list((folder / ".kurze-wege" / "kit").iterdir())


def test_every_case_passes(kafka: str, tmp_path: Path) -> None:
    """The kit's own cases pass on the real hub; the report is written, and nothing else is left."""
    there = _names(kafka)
    words = ("-o", "json", "--report", "report", "--bootstrap", kafka)
    with running_hub("kit", "run", *words, folder=tmp_path) as kit:
        out, _ = kit.communicate(timeout=WITHIN_S)
    said = json.loads(out)
    text = (tmp_path / "report" / "kit-report.md").read_text(encoding="utf-8")

    assert (kit.returncode, said["failed"], said["open"]) == (0, 0, 0)
    assert said["passed"] == len(said["cases"]) > 8
    assert [what for case in said["cases"] for what in case["missing"]] == []
    assert json.loads((tmp_path / "report" / "kit-report.json").read_bytes()) == said
    assert f"{said['passed']} of {said['passed']} cases passed" in text
    assert _nothing_is_left(tmp_path)
    until(lambda: _names(kafka) <= there, 20)


class Developer:
    """A town hall's own connector: it knows the cases, the addresses that were told, no more."""

    def __init__(self, folder: Path, cases: list[dict[str, Any]]) -> None:
        """Read off the terminal where to send and to collect."""
        told = _told(folder)
        self.door = _shown("Send by HTTP", told)
        self.folder = Path(_shown("or by files", told))
        self.mailbox = _shown("Collect", told)
        token = _shown("Token", told)
        self.client = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60)
        self.steps = {
            case["id"]: [step for step in case["step"] if step["by"] == "you" and "event" in step]
            for case in cases
        }

    def close(self) -> None:
        """Hang up."""
        self.client.close()

    def sends_everything(self) -> None:
        """Takes every step that waits for nobody, each case on a subject of its own."""
        for case, steps in self.steps.items():
            if case == "referral-to-you":
                continue
            subject = f"akte-{uuid.uuid4().hex[:8]}"
            events = [self._event(step, subject) for step in steps]
            if case == "sent-twice":
                events *= 2
            for event in events:
                self._drop(event) if case == "move-within" else self._post(event)

    def collects(self) -> None:
        """Fetches and acknowledges what is there; a referral is accepted."""
        for item in self.client.get(self.mailbox, params={"wait": 1}).json()["items"]:
            one = f"{self.mailbox}/{item['id']}"
            event = self.client.get(one).json()
            assert self.client.post(f"{one}/acknowledge").status_code == 204
            if event["type"] == "referral.requested.v1":
                (accepts,) = self.steps["referral-to-you"]
                self._post(self._event(accepts, event["subject"]))

    def _event(self, step: dict[str, Any], subject: str) -> dict[str, Any]:
        return {
            **step["event"],
            "specversion": "1.0",
            "source": f"//kurze-wege/{YOU}/rathaus",
            "id": uuid.uuid4().hex,
            "subject": subject,
            "time": datetime.now(UTC).isoformat(),
        }

    def _post(self, event: dict[str, Any]) -> None:
        media = {"Content-Type": "application/cloudevents+json"}
        answer = self.client.post(self.door, json=event, headers=media)
        assert answer.status_code == (202 if "legalbasis" in event else 422), answer.text

    def _drop(self, event: dict[str, Any]) -> None:
        hidden = self.folder / ".move.tmp"
        hidden.write_text(json.dumps(event) + "\n", encoding="utf-8")
        hidden.rename(self.folder / "move.jsonl")


def _shown(label: str, told: str) -> str:
    found = re.search(rf"{label}\s+(\S+)", told)
    assert found, told
    return found[1]


def test_a_connector_of_ones_own(kafka: str, tmp_path: Path) -> None:
    """A developer's connector does what the terminal says, by HTTP, file and mailbox: it passes."""
    listed = hub("kit", "list", "-o", "json", folder=tmp_path)
    words = ("--wait", "--party", YOU, "-o", "json", "--bootstrap", kafka)
    with running_hub("kit", "run", *words, folder=tmp_path) as kit:
        until(lambda: "Do these in any order" in _told(tmp_path), WITHIN_S)
        with closing(Developer(tmp_path, listed.data)) as developer:
            developer.sends_everything()
            while kit.poll() is None:
                try:
                    developer.collects()
                except httpx.TransportError:
                    break  # the run is over, and its mailbox closed
        out, _ = kit.communicate(timeout=WITHIN_S)
    said = json.loads(out)

    assert [(c["id"], c["missing"]) for c in said["cases"] if c["result"] != "passed"] == []
    assert (kit.returncode, said["party"]) == (0, YOU)
    assert "A door refused something of yours: legal-basis-missing" in _told(tmp_path)
    assert _nothing_is_left(tmp_path)


def test_ctrl_c(kafka: str, tmp_path: Path) -> None:
    """Ctrl-C ends a run that waits, with every process; the report says what is missing."""
    words = ("--wait", "--case", "move-within", "--bootstrap", kafka)
    with running_hub("kit", "run", *words, folder=tmp_path) as kit:
        until(lambda: "Do these in any order" in _told(tmp_path), WITHIN_S)
        children = psutil.Process(kit.pid).children(recursive=True)
        assert len([child for child in children if "hub" in child.cmdline()]) == 4
        kit.send_signal(signal.SIGINT)
        out, _ = kit.communicate(timeout=60)
    said = json.loads((tmp_path / "kit-report.json").read_bytes())

    assert kit.returncode == 1
    assert (said["passed"], said["open"]) == (0, 1)
    assert said["cases"][0]["missing"][0].startswith("Step 1 of 1, You: Report a move")
    assert "move-within" in out
    assert psutil.wait_procs(children, 10)[1] == []
    assert _nothing_is_left(tmp_path)


def test_a_party_that_cannot_play(tmp_path: Path) -> None:
    """The jobcenter's part is the kit's own: said before anything is started."""
    said = hub("kit", "run", "--party", "kfb", folder=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "Use one of: 06432001" in said.err
    assert not (tmp_path / "kit-report.json").exists()
