"""The command `hub clerk` and a back office to which somebody comes, as real processes."""

import json
import re
import signal
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.command import hub, running_hub
from tests.support.waiting import until

pytestmark = pytest.mark.e2e
PASSWORD = "sieben Zwerge im Odenwald"
MARA = ("add", "m.beispiel", "--shown", "Mara Beispiel")


def clerk(folder: Path, *words: str, given: str | None = None, code: int = 0) -> Any:  # noqa: ANN401
    """What `hub clerk` prints as JSON; an error's words where it fails."""
    said = hub("clerk", *words, "-o", "json", folder=folder, given=given)
    assert said.code == code, said.err
    return said.data if code == 0 else said.err


def test_a_clerks_life(tmp_path: Path) -> None:
    """Added, listed, promoted, locked, unlocked, given another password, and taken away."""
    added = clerk(tmp_path, *MARA, "--role", "lead")
    assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", added.pop("password"))
    assert re.fullmatch(r"c-[0-9a-f]{16}", added["id"])
    assert added | {"id": ""} == {
        "id": "",
        "name": "m.beispiel",
        "shown": "Mara Beispiel",
        "role": "lead",
        "state": "new",
    }
    assert clerk(tmp_path, "list") == {"clerks": [added]}
    assert clerk(tmp_path, "role", "m.beispiel", "auditor")["role"] == "auditor"
    assert clerk(tmp_path, "lock", added["id"])["state"] == "locked"
    assert clerk(tmp_path, "unlock", "M.Beispiel")["state"] == "new"
    given = clerk(tmp_path, "password", "m.beispiel", "--ask", given=f"{PASSWORD}\n")
    assert given["state"] == "active"
    assert "password" not in given
    assert clerk(tmp_path, "remove", "m.beispiel")["id"] == added["id"]
    assert clerk(tmp_path, "list") == {"clerks": []}


def test_a_password_is_never_on_the_command_line(tmp_path: Path) -> None:
    """There is no option for it, and one that is refused is not repeated."""
    assert "No such option" in clerk(tmp_path, *MARA, "--password", "x", code=2)
    said = clerk(tmp_path, *MARA, "--ask", given="kurz\n", code=2)
    assert "at least 12 characters" in said
    assert "kurz" not in said


def _form(page: str, action: str) -> dict[str, str]:
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    found = re.findall(r'<input[^>]*\bname="([^"]*)"(?:[^>]*\bvalue="([^"]*)")?', form)
    return {name: unescape(value) for name, value in found}


def test_a_clerk_comes_in(tmp_path: Path) -> None:
    """An account that was added signs in at the running back office and sees the inbox.

    Kafka is away: the pages do not wait for it. A clerk who is locked is out at once.
    """
    clerk(tmp_path, *MARA, "--ask", given=f"{PASSWORD}\n")
    words = ("web", "--party", "kfb", "--set", "web.port=0", "--bootstrap", "127.0.0.1:9")
    with running_hub(*words, "--log-format", "json", folder=tmp_path) as process:
        until(lambda: bool(_addresses(tmp_path / "err.log")))
        (here,) = _addresses(tmp_path / "err.log")
        with httpx.Client(base_url=here, headers={"origin": here}, trust_env=False) as browser:
            page = browser.get("/", follow_redirects=True)
            typed = {"name": "m.beispiel", "password": PASSWORD}
            arrived = browser.post("/login", data=_form(page.text, "/login") | typed)
            assert arrived.headers["location"] == "/"
            inbox = browser.get("/", follow_redirects=True)
            assert inbox.status_code == 200
            assert "Mara Beispiel" in inbox.text
            clerk(tmp_path, "lock", "m.beispiel")
            assert browser.get("/inbox/unassigned").headers["location"].startswith("/login")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    log = (tmp_path / "err.log").read_text("utf-8")
    assert "Mara" not in log
    assert PASSWORD not in log


def _addresses(log: Path) -> list[str]:
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    return [json.loads(line)["address"] for line in lines if '"pages_open"' in line]
