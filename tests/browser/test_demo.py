"""What somebody meets who has only typed `make demo`: a filled inbox, and a short way through."""

import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hub.domain.working_year import ZONE
from tests.support.browser import PATIENCE_MS, keep_picture, violations, visit
from tests.support.command import running_hub
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.e2e, pytest.mark.broker]
CLICKS: Final = 6
"""From the first look at the inbox to the appointment: case, accept, place, day, time, send."""
FIELDS: Final = 3
"""What is filled in: where, on which day, at what time."""
expect.set_options(timeout=PATIENCE_MS)
OFFICE: Final = re.compile(r"^ +(Inbox|Town hall) +(\S+)\n +sign in as (\S+) / (\S+)", re.MULTILINE)


@dataclass
class Hand:
    """A clerk's hand: counts what it does."""

    clicks: int = 0
    fields: int = 0

    def click(self, what: Locator) -> None:
        """Press something."""
        self.clicks += 1
        what.click()

    def choose(self, what: Locator) -> None:
        """Choose one of several."""
        self.clicks += 1
        self.fields += 1
        what.check()

    def fill(self, what: Locator, text: str) -> None:
        """Go to a field and write."""
        self.clicks += 1
        self.fields += 1
        what.fill(text)


@dataclass(frozen=True)
class Door:
    """A back office as the demo says it is reached."""

    address: str
    name: str
    password: str

    def enter(self, page: Page) -> None:
        """Sign in as it says there."""
        page.goto(self.address)
        page.fill("#name", self.name)
        page.fill("#password", self.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/inbox/**")


@pytest.fixture(scope="module")
def doors(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Door]]:
    """A demo that stays up, and where it says one may look first."""
    folder = tmp_path_factory.mktemp("demo")
    with running_hub("demo", "--bootstrap", kafka, folder=folder) as demo:

        def told() -> str:
            assert demo.poll() is None, (folder / "err.log").read_text("utf-8")
            return (folder / "err.log").read_text("utf-8")

        until(lambda: "hub topics drift" in told(), 280)
        found = OFFICE.findall(told())
        yield {place: Door(*rest) for place, *rest in found}
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=120)
        assert demo.returncode == 0


@pytest.mark.timeout(600)
def test_accepted_in_a_minute(browser: Browser, doors: dict[str, Door]) -> None:
    """The first unassigned referral is accepted with an appointment; the town hall sees it."""
    inbox, town_hall = doors["Inbox"], doors["Town hall"]
    with (
        visit(browser, inbox.address, at=None) as page,
        visit(browser, town_hall.address, at=None) as theirs,
    ):
        inbox.enter(page)
        assert int(page.locator(".views [aria-current]").inner_text().split()[-1]) > 20
        row = page.locator("table.cases tbody tr").first
        expect(row).to_contain_text("von Eppertshausen")
        expect(row).to_contain_text("angefragt")
        expect(row).to_contain_text("in 5 Arbeitstagen")
        case = row.locator("th a").inner_text()

        hand = Hand()
        hand.click(row.get_by_role("link", name=case))
        expect(page.locator("main")).to_contain_text("Angebote, die passen könnten")
        hand.click(page.get_by_role("link", name="Annehmen"))
        hand.choose(page.get_by_label("Im Rathaus"))
        day = datetime.now(ZONE).date() + timedelta(days=7)
        hand.fill(page.get_by_label("An welchem Tag?"), day.isoformat())
        hand.fill(page.get_by_label("Um wie viel Uhr?"), "10:30")
        hand.click(page.get_by_role("button", name="Annehmen"))
        expect(page.locator("#done")).to_contain_text("Ihre Antwort ist gespeichert")
        assert (hand.clicks, hand.fields) == (CLICKS, FIELDS)

        until(lambda: "bestätigt" in _badges(page))
        town_hall.enter(theirs)
        until(lambda: "angenommen" in _row(theirs, case))
        theirs.get_by_role("link", name=case).click()
        expect(theirs.locator(".case-head")).to_contain_text("10:30 Uhr, Im Rathaus")
        keep_picture(page, "demo-jobcenter")
        keep_picture(theirs, "demo-town-hall")


def test_every_view_is_filled_or_says_why_not(browser: Browser, doors: dict[str, Door]) -> None:
    """Cases that are taken, rest, wait or are over: each of them opens, with its history."""
    inbox = doors["Inbox"]
    with visit(browser, inbox.address, at=None) as page:
        inbox.enter(page)
        for view in ("mine", "on-hold", "waiting", "address-changes", "handovers", "done"):
            page.goto(f"/inbox/{view}")
            page.locator("table.cases th[scope=row] a").first.click()
            expect(page.locator(".case-head")).to_be_visible()
            expect(page.locator(".history li").first).to_be_visible()
        for view in ("due-today", "overdue"):
            page.goto(f"/inbox/{view}")
            expect(page.locator("main")).to_contain_text("Hier ist gerade nichts.")
        assert violations(page) == []


def _badges(page: Page) -> str:
    page.reload()
    return page.locator(".badges").inner_text()


def _row(page: Page, case: str) -> str:
    page.reload()
    found = page.locator("table.cases tbody tr", has_text=case)
    return found.inner_text() if found.count() else ""
