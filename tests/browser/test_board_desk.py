"""The desk of dead letters at the board of a real monitor, with real workers; without scripts."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.sync_api import Browser, Page

from connectors.runner.placer import Placer
from hub import auditing, clerks
from hub.access.roles import Role
from hub.broker.ports import free
from schemas.codec import Record, encode
from tests.support.accounts import PASSWORD
from tests.support.browser import keep_picture, visit
from tests.support.builders import DIEBURG, a_referral
from tests.support.command import running_hub
from tests.support.dying_hub import Site, a_case
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.broker, pytest.mark.e2e]

CASES: Final = 40
OLD: Final = timedelta(days=40)
"""Older than an event may be."""
CLIENT: Final = "epp-4711"
"""Stands in every referral here."""
HOSTILE: Final = "<script>document.title = 'Mustermann'</script>"
WHO: Final = re.compile(r"Olga Betrieb \(c-[0-9a-f]{16}\)")


def test_letters_are_read_sent_again_and_put_aside(
    kafka: str, topic_prefix: str, tmp_path: Path, browser: Browser
) -> None:
    """Each with a name and a reason; dry first, stopped and begun again, nothing twice."""
    site = Site(kafka, topic_prefix, tmp_path)
    with site.worker(HUB_PARTIES=str(site.poorer)):
        _let_die(site)
    with ExitStack() as stack:
        stack.enter_context(site.worker())
        base = stack.enter_context(_board(site))
        olga, zoe = (stack.enter_context(_signed_in(browser, base, one)) for one in ("o", "z"))

        covered, uncovered = _read(olga)
        read = site.journal()
        waiting = _dry(olga, "referral.status-changed")
        dry = _dry(olga, "referral.requested")
        nothing = site.delivered()
        told, first = _sent_and_stopped(olga, zoe)
        after_stop = len(site.delivered())
        _send(olga, "referral.requested")
        _send(olga, "referral.status-changed")
        _put_aside(olga)
        until(lambda: _says(olga, "/dead", "Dieburg 0 0 1"))
        entries, copies = site.journal(), site.delivered()
    with closing(auditing.opened(site.audit)) as audit, audit.all() as rows:
        audited = [(row.did, bool(WHO.fullmatch(row.who))) for row in rows]
    log = (tmp_path / "err.log").read_text("utf-8")

    assert "Mustermann" not in covered
    assert "&lt;script&gt;document.title" in uncovered
    assert [one["act"] for one in read] == ["revealed"]
    assert f"0 von {CASES} würden gesendet" in waiting
    assert f"{CASES} von {CASES} würden gesendet" in dry
    assert nothing == []
    assert WHO.search(told)
    assert "vor dem Senden abgebrochen" in first
    assert after_stop < CASES
    assert [sum(one["act"] == act for one in entries) for act in ("replayed", "discarded")] == [
        2 * CASES,
        1,
    ]
    assert [one["by"] for one in entries if not WHO.fullmatch(one["by"])] == []
    assert audited.count(("letter-revealed", True)) == 1
    assert audited.count(("letter-discarded", True)) == 1
    assert audited.count(("letter-replayed", True)) >= 2 * CASES
    assert len(copies) == len(set(copies)) == 2 * CASES
    for number in range(CASES):
        case = f"case-{number:04}"
        mine = [event for subject, event in copies if subject == case]
        assert mine == [f"{case}-1", f"{case}-3"]
    assert [one for one in (CLIENT, "Mustermann") if one in log] == []


def _let_die(site: Site) -> None:
    """Cases of a sender that nobody knows, one that comes too late, one that nobody can read."""
    late = a_referral(by=DIEBURG, at=datetime.now(UTC) - OLD, id="late", on="R-late")
    site.publish([*(event for number in range(CASES) for event in a_case(number)), late])
    fresh = encode(a_referral(by=DIEBURG, at=datetime.now(UTC), id="hostile", on="R-hostile"))
    value = f'{{"client": {{"family_name": "{HOSTILE}"'.encode()
    with closing(Placer({"bootstrap_servers": site.bootstrap})) as placer:
        placer.put(f"{site.prefix}referrals", Record(fresh.key, value, fresh.headers))
    until(lambda: site.dead() == 2 * CASES + 2)


@contextmanager
def _board(site: Site) -> Iterator[str]:
    """A monitor with two operators' accounts."""
    (port,) = free(1)
    accounts = f"sqlite:///{site.folder / 'operators.sqlite'}"
    env = {
        **site.env,
        "HUB_MONITOR__PORT": str(port),
        "HUB_MONITOR__POLL_S": "1",
        "HUB_MONITOR__WATCH_SENDERS": "false",
        "HUB_MONITOR__ACCOUNTS__DATABASE": accounts,
    }
    with clerks.opened(accounts) as kept:
        for name, shown in (("o.betrieb", "Olga Betrieb"), ("z.betrieb", "Zoe Betrieb")):
            kept.add(name, shown, Role.OPERATOR, PASSWORD)
    base = f"http://127.0.0.1:{port}"
    with running_hub("monitor", folder=site.folder, env=env):
        until(lambda: _is_up(base))
        yield base


@contextmanager
def _signed_in(browser: Browser, base: str, who: str) -> Iterator[Page]:
    with visit(browser, base, at=None, java_script_enabled=False) as page:
        page.goto("/login?next=/dead")
        page.fill("#name", f"{who}.betrieb")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Abmelden")
        yield page


def _read(page: Page) -> tuple[str, str]:
    """The page of the letter that nobody can read, before and after a reason is given."""
    until(lambda: _says(page, "/dead", "value-unreadable"))
    page.click("text=value-unreadable")
    page.click("text=referrals.dead/")
    covered = page.content()
    page.fill("#reason", "Absender fragt nach")
    page.click("text=Inhalt aufdecken")
    page.wait_for_selector("text=Für Sie aufgedeckt bis")
    keep_picture(page, "board-desk-uncovered")
    return covered, page.content()


def _dry(page: Page, event_type: str) -> str:
    """What would become of the letters of this type whose sender nobody knew."""
    page.goto("/dead")
    row = page.locator("tr", has_text="sender-unknown").filter(has_text=event_type)
    row.locator("a").click()
    page.click("main >> text=Erneut senden")
    return " ".join(page.locator("main").inner_text().split())


def _sent_and_stopped(olga: Page, zoe: Page) -> tuple[str, str]:
    """One a second; what the second operator is told, and the first sees once it was stopped."""
    olga.fill("#reason", "der Absender ist wieder eingetragen")
    olga.fill("#per_second", "1")
    olga.click("main button")
    olga.wait_for_url("**/dead/runs/*")
    zoe.goto("/dead")
    told = zoe.locator("main").inner_text()
    olga.click("text=Abbrechen")
    until(lambda: _says(olga, olga.url, "zu Ende"))
    keep_picture(olga, "board-desk-stopped")
    return told, olga.locator("main").inner_text()


def _send(page: Page, event_type: str) -> None:
    """All that is left of this type, to the end."""
    _dry(page, event_type)
    page.fill("#reason", "der Absender ist wieder eingetragen")
    page.fill("#per_second", "1000")
    page.click("main button")
    page.wait_for_url("**/dead/runs/*")
    until(lambda: _says(page, page.url, "zu Ende"))


def _put_aside(page: Page) -> None:
    page.goto("/dead")
    page.click("text=too-late")
    page.click("main >> text=Beiseitelegen")
    page.fill("#reason", "vom Absender neu gesendet")
    page.click("main button")
    page.wait_for_selector("text=1 Ereignis wurde beiseitegelegt")


def _is_up(base: str) -> bool:
    try:
        return httpx.get(f"{base}/healthz").is_success
    except httpx.HTTPError:
        return False


def _says(page: Page, address: str, words: str) -> bool:
    page.goto(address)
    text = page.locator("main").inner_text()
    return words in " ".join(text.split())
