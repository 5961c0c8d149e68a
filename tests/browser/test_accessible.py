"""Every page, in both languages and both themes, as axe judges it (WCAG 2.2 AA)."""

from collections.abc import Mapping
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import BackOffice
from tests.support.browser import keep_picture, violations, visit

pytestmark = pytest.mark.browser

BEFORE: Final = {"sign-in": "/login", "signed-out": "/signed-out", "help": "/help"}
"""Pages that nobody must have signed in for."""
PAGES: Final[Mapping[str, str]] = {
    "inbox": "/inbox/unassigned",
    "inbox-empty": "/inbox/mine",
    "inbox-filtered": "/inbox/all?search=K-&sort=-received",
    "inbox-ticked": "/inbox/unassigned?select=all&urgency=urgent",
    "case-new": "/cases/R-1001",
    "case-going": "/cases/R-1102",
    "case-cancelling": "/cases/R-1101?done=claimed",
    "case-refused": "/cases/K-3001",
    "case-move": "/cases/U-4001",
    "case-block": "/cases/U-4002",
    "case-handover": "/cases/U-4003",
    "case-late": "/cases/R-5001",
    "step-reject": "/cases/R-1001/steps/rejected",
    "step-appointment": "/cases/R-1101/steps/appointment-made",
    "step-forward": "/cases/R-1001/steps/forwarded",
    "step-conflict": "/cases/R-1104/steps/accepted",
    "continued": "/cases/U-4003/continued",
    "referral": "/referrals/new",
    "offer": "/offers/new",
    "password": "/password",
    "accessibility": "/accessibility",
    "not-here": "/cases/no-such-case",
}
THEMES: Final = ("light", "dark")
LANGUAGES: Final = ("de", "en")


def look(page: Page, pages: Mapping[str, str], variant: str) -> list[str]:
    """Open each page, keep how it looks, and say what is wrong with it."""
    found: list[str] = []
    for name, address in pages.items():
        page.goto(address)
        keep_picture(page, f"{name}-{variant}")
        found += [f"{name}: {each}" for each in violations(page)]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_no_page_has_a_violation(
    browser: Browser, back_office: BackOffice, language: str, theme: str
) -> None:
    """Signed out and signed in, as clerk, as auditor and as lead."""
    variant = f"{language}-{theme}"
    with visit(browser, back_office.base, locale=language, color_scheme=theme) as page:
        found = look(page, BEFORE, variant)
        back_office.sign_in(page)
        found += look(page, PAGES, variant)
    with visit(browser, back_office.base, locale=language, color_scheme=theme) as page:
        back_office.sign_in(page, "r.revision")
        trail = {
            "trail": "/cases/R-1102",
            "record": "/record",
            "audit": "/audit",
            "may-not": "/referrals/new",
        }
        found += look(page, trail, variant)
    with visit(browser, back_office.base, locale=language, color_scheme=theme) as page:
        back_office.sign_in(page, "l.leitung")
        found += look(page, {"figures": "/figures"}, variant)

    assert found == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "address", ["/referrals/new", "/offers/new", "/cases/R-1001/steps/rejected"]
)
def test_no_form_with_problems_has_a_violation(
    browser: Browser, back_office: BackOffice, theme: str, address: str
) -> None:
    """What is wrong is said so that everybody notices, and reading begins there."""
    with visit(browser, back_office.base, color_scheme=theme) as page:
        back_office.sign_in(page)
        page.goto(address)
        page.locator("main form button[type=submit]").click()
        page.wait_for_selector("#problems")
        keep_picture(page, f"problems{address.replace('/', '-')}-{theme}")

        assert violations(page) == []
        assert page.title().startswith("Fehler: ")
        assert page.evaluate("document.activeElement.id") == "problems"
        first = page.locator("#problems a").first
        target = first.get_attribute("href")
        first.click()
        assert page.evaluate("document.activeElement.id") == (target or "#")[1:]


def test_results_and_conflicts_have_no_violation(browser: Browser, back_office: BackOffice) -> None:
    """The pages that only a sent form leads to."""
    with visit(browser, back_office.base) as page, visit(browser, back_office.base) as other:
        back_office.sign_in(page)
        back_office.sign_in(other, "l.leitung")
        other.goto("/cases/R-1001/steps/accepted")
        page.goto("/inbox/unassigned?select=all")
        page.locator(".bulk button").click()
        page.wait_for_selector("h1[data-focus]")
        keep_picture(page, "claims")
        assert violations(page) == []

        other.locator("main form button[type=submit]").click()
        other.wait_for_selector("text=Nicht ausgeführt")
        keep_picture(other, "conflict")
        assert violations(other) == []
