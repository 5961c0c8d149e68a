"""The audit of a running back office: an opened case is in the chain, and a changed row shows."""

import json
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Final

import httpx
import pytest

from hub import auditing
from hub.casework.desk import Terms
from hub.casework.progress import Here
from hub.stores.audit.upgrade import upgrade
from hub.stores.casework.sql_desk import SqlDesk
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.acts import OPENED
from tests.support.builders import EPPERTSHAUSEN, a_referral
from tests.support.command import hub, running_hub
from tests.support.desks_in_memory import PARTIES
from tests.support.waiting import until

pytestmark = pytest.mark.e2e
PASSWORD: Final = "sieben Zwerge im Odenwald"
ASKING: Final = Terms(Purpose.INTEGRATION, LegalBasis.SGB10_69)


@pytest.fixture(name="env")
def _env(tmp_path: Path) -> dict[str, str]:
    """A back office of Eppertshausen that keeps an audit; Kafka is away."""
    return {
        "HUB_AUDIT__DATABASE": f"sqlite:///{tmp_path / 'audit.sqlite'}",
        "HUB_WEB__DATABASE": f"sqlite:///{tmp_path / 'desk.sqlite'}",
        "HUB_WEB__PARTY": EPPERTSHAUSEN,
        "HUB_WEB__PORT": "0",
        "HUB_KAFKA__BOOTSTRAP": "127.0.0.1:9",
        "HUB_LOG__FORMAT": "json",
    }


def _addresses(log: Path) -> list[str]:
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    return [json.loads(line)["address"] for line in lines if '"pages_open"' in line]


@contextmanager
def _browser(folder: Path, env: dict[str, str]) -> Iterator[httpx.Client]:
    """A browser before a running back office; the office is ended well."""
    with running_hub("web", folder=folder, env=env) as process:
        until(lambda: bool(_addresses(folder / "err.log")))
        (here,) = _addresses(folder / "err.log")
        ours = {"origin": here}
        with httpx.Client(base_url=here, headers=ours, timeout=60, trust_env=False) as browser:
            yield browser
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def _sign_in(browser: httpx.Client) -> int:
    page = browser.get("/login").text.partition('action="/login"')[2].partition("</form>")[0]
    found = re.findall(r'<input[^>]*\bname="([^"]*)"(?:[^>]*\bvalue="([^"]*)")?', page)
    fields = {name: unescape(value) for name, value in found}
    typed = fields | {"name": "m.beispiel", "password": PASSWORD}
    return browser.post("/login", data=typed).status_code


def _statement(file: Path, *statements: str) -> None:
    """Do this as the owner of the file."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for one in statements:
            connection.execute(one)


def test_a_case_that_was_opened_is_in_the_chain(env: dict[str, str], tmp_path: Path) -> None:
    """Account, sign-in and opening stand there; without the audit nothing opens; a change shows."""
    added = ("add", "m.beispiel", "--shown", "Mara Beispiel", "--ask")
    clerk = hub("clerk", *added, "-o", "json", folder=tmp_path, env=env, given=f"{PASSWORD}\n")
    assert clerk.code == 0, clerk.err
    with _browser(tmp_path, env) as browser:
        here = Here(EPPERTSHAUSEN, PARTIES)
        with closing(SqlDesk(env["HUB_WEB__DATABASE"], here)) as desk:
            said = a_referral().data
            case = desk.start(said, ASKING, clerk.data["id"], "form-1", datetime.now(UTC))
        assert _sign_in(browser) == 303
        opened = browser.get(f"/cases/{case}")
        _statement(tmp_path / "audit.sqlite", "ALTER TABLE audit RENAME TO elsewhere")
        closed = browser.get(f"/cases/{case}")
        _statement(tmp_path / "audit.sqlite", "ALTER TABLE elsewhere RENAME TO audit")
        again = browser.get(f"/cases/{case}")
    told = hub("audit", "verify", "--told", "err.log", "-o", "json", folder=tmp_path, env=env)
    with closing(auditing.opened(env["HUB_AUDIT__DATABASE"])) as audit, audit.all() as rows:
        first, *rest = rows

    assert [one.status_code for one in (opened, closed, again)] == [200, 503, 200]
    assert "audit-unavailable" in closed.text
    assert (first.did, first.role, "@" in first.who) == ("account-added", "operator", True)
    mara = clerk.data["id"]
    assert [(row.did, row.who, row.about, row.party) for row in rest] == [
        ("signed-in", mara, mara, EPPERTSHAUSEN),
        ("case-opened", mara, case, EPPERTSHAUSEN),
        ("case-opened", mara, case, EPPERTSHAUSEN),
    ]
    assert told.code == 0
    assert told.data == {"rows": 4, "head": str(rest[-1].head), "told": 3, "broken": None}
    assert "eispiel" not in str([first, *rest])


def test_what_the_owner_of_the_database_does_is_named(env: dict[str, str], tmp_path: Path) -> None:
    """An end cut off shows by a head told before, a changed row by itself, where it was done."""
    upgrade(env["HUB_AUDIT__DATABASE"])
    with closing(auditing.opened(env["HUB_AUDIT__DATABASE"])) as audit:
        audit.record(OPENED, OPENED, OPENED, OPENED)
    head = hub("audit", "head", folder=tmp_path, env=env)
    (tmp_path / "heads.txt").write_text(f"mailed to the county: {head.out}", "utf-8")
    triggers = ("DROP TRIGGER audit_stays", "DROP TRIGGER audit_is_kept")
    _statement(tmp_path / "audit.sqlite", *triggers, "DELETE FROM audit WHERE number = 4")
    cut = hub("audit", "verify", "--told", "heads.txt", folder=tmp_path, env=env)
    _statement(tmp_path / "audit.sqlite", "UPDATE audit SET about = 'R-1' WHERE number = 3")
    changed = hub("audit", "verify", "-o", "json", folder=tmp_path, env=env)

    assert re.fullmatch(r"4:[0-9a-f]{64}\n", head.out)
    assert (cut.code, changed.code) == (1, 1)
    assert "head-missing at 4: The chain does not hold" in cut.err
    assert changed.data["broken"] == {"number": 3, "flaw": "row-changed"}


def test_where_none_is_kept(tmp_path: Path) -> None:
    """The commands say so, and what to do."""
    said = hub("audit", "verify", folder=tmp_path)

    assert said.code == 2
    assert "audit.database: No audit is kept" in said.err


def test_rows_are_chosen(env: dict[str, str], tmp_path: Path) -> None:
    """By code, as a table of this office's time; a time that is none is told so."""
    folder = tmp_path / "secrets"
    assert hub("secrets", "make", str(folder), folder=tmp_path, env=env).code == 0

    made = hub("audit", "ls", "--did", "secrets-made", folder=tmp_path, env=env)
    wrong = hub("audit", "ls", "--since", "yesterday", folder=tmp_path, env=env)

    assert str(folder) in made.out
    assert "operator" in made.out
    assert wrong.code == 2
    assert "--since: This is no time." in wrong.err
