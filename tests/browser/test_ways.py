"""The ways through the pages: by keyboard alone, without scripts, two clerks at once."""

import random

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.casework.happenings import Confirmed, Delivered
from hub.domain.transitions import Status
from schemas.vocabulary import Urgency
from tests.browser.conftest import BackOffice
from tests.support.browser import PATIENCE_MS, visit
from tests.support.district import EPPERTSHAUSEN
from tests.support.office import NOW, asked
from tests.support.people import People

pytestmark = pytest.mark.browser
MOST_TABS = 150


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says so."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => {
              const focused = document.activeElement;
              return focused.innerText || focused.labels?.[0]?.innerText || "";
            }"""
        )
        if said.strip().startswith(words):
            return
    raise AssertionError(f"no way to {words!r} by Tab")


def test_a_referral_is_accepted_by_keyboard_alone(window: Page, back_office: BackOffice) -> None:
    """From the list to the case, the form and the appointment: Tab, arrows, Enter, digits."""
    tab_to(window, "R-1001")
    window.keyboard.press("Enter")
    window.wait_for_url("**/cases/R-1001")
    tab_to(window, "Annehmen")
    window.keyboard.press("Enter")
    window.wait_for_url("**/steps/accepted")
    tab_to(window, "Im Rathaus")
    window.keyboard.press("Space")
    tab_to(window, "An welchem Tag?")
    window.keyboard.type("12122026")  # the same in every order of day and month
    tab_to(window, "Um wie viel Uhr?")
    window.keyboard.type("1010AM")
    window.keyboard.press("Enter")
    window.wait_for_url("**/cases/R-1001?done=said#done")

    expect(window.locator("#done")).to_be_focused()
    expect(window.locator("#done")).to_contain_text("Ihre Antwort ist gespeichert")
    file = back_office.desk.peek("R-1001")
    assert file.status is Status.ACCEPTED
    assert file.appointment_at is not None
    assert file.appointment_at.isoformat() == "2026-12-12T09:10:00+00:00"


def test_the_first_tab_leads_to_the_content(window: Page) -> None:
    """Nobody tabs through head and views on every page."""
    window.goto("/cases/R-1001")
    window.keyboard.press("Tab")
    expect(window.locator(".skip")).to_be_focused()
    expect(window.locator(".skip")).to_be_in_viewport()
    window.keyboard.press("Enter")
    window.keyboard.press("Tab")

    assert window.evaluate("document.activeElement.closest('main') !== null")


def test_what_has_the_focus_is_seen(window: Page) -> None:
    """Everything that Tab reaches has a ring, and is not covered."""
    for address in ("/inbox/unassigned?search=R-10", "/cases/R-1102", "/referrals/new"):
        window.goto(address)
        unseen: list[str] = []
        for _ in range(40):
            window.keyboard.press("Tab")
            unseen += window.evaluate(
                """() => {
                  const e = document.activeElement;
                  if (e === document.body) return [];
                  const style = getComputedStyle(e), box = e.getBoundingClientRect();
                  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                  const inside = box.bottom > 0 && box.top < innerHeight;
                  return ring && inside ? [] : [e.outerHTML.slice(0, 100)];
                }"""
            )
        assert unseen == [], address


def test_everything_works_without_scripts(browser: Browser, back_office: BackOffice) -> None:
    """Sign in, filter, take over several, accept, make an appointment, send a referral by hand."""
    with visit(browser, back_office.base, java_script_enabled=False) as page:
        back_office.sign_in(page)
        page.select_option("#urgency", "urgent")
        page.get_by_role("button", name="Filtern").click()
        page.wait_for_url("**/inbox/unassigned?**urgency=urgent**")
        page.get_by_role("link", name="Alle auf dieser Seite auswählen").click()
        page.get_by_role("button", name="Ausgewählte übernehmen").click()
        expect(page.locator("h1")).to_contain_text("Vorgängen übernommen")

        page.goto("/cases/R-1001")
        page.get_by_role("link", name="Annehmen").click()
        page.get_by_role("button", name="Annehmen").click()
        expect(page.locator("#done")).to_contain_text("Ihre Antwort ist gespeichert")
        page.get_by_role("link", name="Termin vereinbaren").click()
        page.get_by_label("Am Telefon").check()
        page.get_by_label("An welchem Tag?").fill("2026-12-02")
        page.get_by_label("Um wie viel Uhr?").fill("09:15")
        page.get_by_role("button", name="Termin vereinbaren").click()
        expect(page.locator(".case-head")).to_contain_text(
            "Termin: Mi., 2. Dezember 2026, 09:15 Uhr, Am Telefon"
        )

        page.get_by_role("link", name="Überweisung senden").click()
        page.get_by_label("Schuldnerberatung").check()
        page.get_by_label("Vornamen").fill("Ute")
        page.get_by_label("Familienname").fill("Beispiel")
        page.get_by_label("Geboren am").fill("1980-02-29")
        page.get_by_label("Wohnt in").select_option(label="Eppertshausen")
        page.get_by_role("button", name="Überweisung senden").click()
        expect(page.locator("#done")).to_contain_text("Ihre Überweisung ist gespeichert")
        expect(page.locator(".case-what")).to_contain_text("angefragt bei Eppertshausen")


def test_two_clerks_at_once(browser: Browser, back_office: BackOffice) -> None:
    """Both have the same form open; the second is told who was faster, and by whom it is done."""
    base = back_office.base
    with visit(browser, base) as page, visit(browser, base) as other:
        back_office.sign_in(page)
        back_office.sign_in(other, "l.leitung")
        for window in (page, other):
            window.goto("/cases/R-1002/steps/accepted")
        page.get_by_role("button", name="Annehmen").click()
        page.wait_for_url("**/cases/R-1002?done=said#done")
        other.get_by_role("button", name="Annehmen").click()

        expect(other.locator("h1")).to_have_text("Nicht ausgeführt: Jemand war schneller")
        expect(other.locator("main")).to_contain_text(
            "hat den Vorgang R-1002 inzwischen übernommen"
        )


def test_arrivals_are_announced_and_the_list_stays(window: Page, back_office: BackOffice) -> None:
    """A new case is said politely with a link; not a row moves before somebody follows it."""
    news = window.locator("[data-news]")
    assert news.get_attribute("role") == "status"
    before = window.locator("table.cases").inner_text()
    request = asked(People(back_office_chance()), urgency=Urgency.ASAP)
    back_office.desk.happens("R-0001", Delivered(NOW, EPPERTSHAUSEN, request))
    window.clock.run_for(21_000)

    expect(news).to_contain_text("1 Vorgang ist neu oder geändert.", timeout=PATIENCE_MS)
    assert window.locator("table.cases").inner_text() == before
    news.get_by_role("link", name="Anzeigen").click()
    window.wait_for_url("**/inbox/unassigned")
    window.goto("/inbox/unassigned?search=R-0001")
    expect(window.locator("table.cases")).to_contain_text("so bald wie möglich")


def test_a_double_click_counts_once(window: Page, back_office: BackOffice) -> None:
    """An impatient hand sends one answer."""
    window.goto("/cases/R-1003/steps/accepted")
    before = len(back_office.desk.said)
    window.get_by_role("button", name="Annehmen").dblclick()
    window.wait_for_url("**/cases/R-1003?done=said#done")

    assert len(back_office.desk.said) == before + 1


def test_the_way_of_an_answer_is_seen(window: Page, back_office: BackOffice) -> None:
    """Being sent, and confirmed once the receipt is there."""
    window.goto("/cases/R-1002/steps/accepted")
    window.get_by_role("button", name="Annehmen").click()
    expect(window.locator(".badges")).to_contain_text("wird gesendet")

    event = back_office.desk.last_event
    confirmed = Confirmed(NOW, event, "referral.status-changed", (EPPERTSHAUSEN,))
    back_office.desk.happens("R-1002", confirmed)
    window.reload()
    expect(window.locator(".badges")).to_contain_text("bestätigt")


def test_another_language_and_back(window: Page) -> None:
    """The link changes the language and stays on the page."""
    window.goto("/cases/R-1102")
    window.get_by_role("link", name="English").click()
    window.wait_for_url("**/cases/R-1102")
    expect(window.locator("html")).to_have_attribute("lang", "en")
    expect(window.locator(".case-head")).to_contain_text("Case R-1102")
    window.get_by_role("link", name="Deutsch").click()
    expect(window.locator(".case-head")).to_contain_text("Vorgang R-1102")


def back_office_chance() -> random.Random:
    """Chance that is the same each time."""
    return random.Random(11)
