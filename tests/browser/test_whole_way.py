"""From a file dropped in Eppertshausen to a clerk's answer and back, by real processes."""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.domain.working_year import ZONE
from tests.support.browser import PATIENCE_MS, keep_picture, visit
from tests.support.builders import EPPERTSHAUSEN, KFB
from tests.support.command import hub, running_hub
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.e2e, pytest.mark.broker]
CASE: Final = "R-2026-000043"
NEW_PASSWORD: Final = "vier Kaffeetassen unter Birken"
EXAMPLE: Final = Path("connectors/file_drop/examples/ueberweisungen.csv")
NAMES: Final = {KFB: "Mara Beispiel", EPPERTSHAUSEN: "Jonas Muster"}


@contextmanager
def running(words: str, folder: Path, env: dict[str, str]) -> Iterator[Popen[str]]:
    """A command of the hub in a folder of its own."""
    folder.mkdir()
    with running_hub(*words.split(), folder=folder, env=env) as process:
        yield process


def address_of(folder: Path) -> str:
    """Where the pages are, as the process says when they are."""

    def said() -> list[str]:
        lines = (folder / "err.log").read_text(encoding="utf-8").splitlines()
        logged = (json.loads(line) for line in lines if line.startswith("{"))
        return [line["address"] for line in logged if line.get("event") == "pages_open"]

    until(lambda: bool(said()))
    return said()[0]


def sign_in(page: Page, password: str) -> None:
    """The first time somebody comes: with the password that was made up, then with their own."""
    page.goto("/login")
    page.fill("#name", "m.beispiel")
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.fill("#present", password)
    page.fill("#new", NEW_PASSWORD)
    page.fill("#again", NEW_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/unassigned")


def shown(page: Page, address: str, words: str) -> bool:
    """Whether the page says so now."""
    page.goto(address)
    return words in page.inner_text("body")


def dropped() -> str:
    """The example of a file of referrals, its first case of today."""
    head, row, *_ = EXAMPLE.read_text(encoding="utf-8-sig").split("\n;", maxsplit=2)
    now = datetime.now(ZONE) - timedelta(minutes=5)
    row = row.replace("02.03.2026 10:30", f"{now:%d.%m.%Y %H:%M}")
    return f"{head}\n;" + row.replace("02.03.2026 10:12", f"{now:%d.%m.%Y %H:%M}") + "\n"


@pytest.mark.timeout(600)
def test_from_a_dropped_file_to_the_receipt(
    kafka: str, topic_prefix: str, browser: Browser, tmp_path: Path
) -> None:
    """A clerk of the jobcenter accepts what a town hall dropped; the town hall sees it."""
    common = {"HUB_KAFKA__BOOTSTRAP": kafka, "HUB_TOPIC_PREFIX": topic_prefix}
    drop = common | {
        "HUB_FILE_DROP__ROOT": str(tmp_path / "parties"),
        "HUB_FILE_DROP__PARTIES": EPPERTSHAUSEN,
    }
    desks = {
        party: common
        | {
            "HUB_WEB__PARTY": party,
            "HUB_WEB__PORT": "0",
            "HUB_WEB__DATABASE": f"sqlite:///{tmp_path / party}.sqlite",
        }
        for party in NAMES
    }
    assert hub("topics", "apply", folder=tmp_path, env=common).code == 0
    with ExitStack() as stack:
        processes = [
            stack.enter_context(running("worker", tmp_path / "worker", common)),
            stack.enter_context(running("connect file_drop", tmp_path / "drop", drop)),
        ]
        pages: dict[str, Page] = {}
        for party, env in desks.items():
            processes.append(stack.enter_context(running("web", tmp_path / party, env)))
            base = address_of(tmp_path / party)
            added = hub(
                *("clerk", "add", "m.beispiel", "--shown", NAMES[party], "-o", "json"),
                folder=tmp_path,
                env=env,
            )
            pages[party] = stack.enter_context(visit(browser, base, at=None))
            sign_in(pages[party], added.data["password"])

        (tmp_path / "parties" / EPPERTSHAUSEN / "in" / "ueberweisungen.csv").write_text(
            dropped(), encoding="utf-8"
        )
        theirs, ours = pages[EPPERTSHAUSEN], pages[KFB]
        until(lambda: shown(ours, "/inbox/unassigned", CASE))
        ours.get_by_role("link", name=CASE).click()
        expect(ours.locator("main")).to_contain_text("Jörg Grünewald")
        ours.get_by_role("link", name="Annehmen").click()
        day = (datetime.now(UTC) + timedelta(days=7)).date()
        ours.get_by_label("Im Rathaus").check()
        ours.get_by_label("An welchem Tag?").fill(day.isoformat())
        ours.get_by_label("Um wie viel Uhr?").fill("10:30")
        ours.get_by_role("button", name="Annehmen").click()
        expect(ours.locator("#done")).to_contain_text("Ihre Antwort", timeout=PATIENCE_MS)

        until(lambda: shown(ours, f"/cases/{CASE}", "bestätigt"))
        until(lambda: shown(theirs, "/inbox/waiting", "angenommen"))
        theirs.get_by_role("link", name=CASE).click()
        expect(theirs.locator(".case-head")).to_contain_text("10:30 Uhr, Im Rathaus")
        expect(theirs.locator(".history")).to_contain_text("Angenommen")
        keep_picture(ours, "whole-way-jobcenter")
        keep_picture(theirs, "whole-way-town-hall")

        for process in processes:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(60) for process in processes] == [0] * len(processes)
