"""How pages bear up: narrow, enlarged, widely spaced, without colours of their own, on paper."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import BackOffice
from tests.support.browser import keep_picture, visit

pytestmark = pytest.mark.browser
PAGES: Final = (
    "/inbox/unassigned",
    "/cases/R-1102",
    "/cases/K-3001",
    "/cases/R-1001/steps/rejected",
    "/referrals/new",
    "/offers/new",
    "/help",
    "/accessibility",
    "/password",
)
SPACED: Final = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }
"""
"""What WCAG 1.4.12 lets readers set."""


def too_wide(page: Page) -> list[str]:
    """What stands out to the right."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll("body *")]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.outerHTML.slice(0, 100))"""
    )
    return found


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, back_office: BackOffice, language: str
) -> None:
    """WCAG 1.4.10: a desktop enlarged to 400 %, or a phone."""
    small = {"width": 320, "height": 640}
    with visit(browser, back_office.base, viewport=small, locale=language) as page:
        back_office.sign_in(page)
        for address in PAGES:
            page.goto(address)
            assert too_wide(page) == [], address
        page.goto("/inbox/unassigned")
        keep_picture(page, f"inbox-320-{language}")
        page.goto("/cases/R-1102")
        keep_picture(page, f"case-320-{language}")


def test_text_may_be_twice_as_large(browser: Browser, back_office: BackOffice) -> None:
    """WCAG 1.4.4: at 200 % of the letters nothing is cut off at the side."""
    with visit(browser, back_office.base) as page:
        back_office.sign_in(page)
        for address in PAGES:
            page.goto(address)
            page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
            assert too_wide(page) == [], address


def test_text_may_be_spaced_widely(browser: Browser, back_office: BackOffice) -> None:
    """WCAG 1.4.12: line, letter, word and paragraph spacing as readers need them."""
    with visit(browser, back_office.base, bypass_csp=True) as page:
        back_office.sign_in(page)
        for address in PAGES:
            page.goto(address)
            page.add_style_tag(content=SPACED)
            assert too_wide(page) == [], address
            cut: list[str] = page.evaluate(
                """() => [...document.querySelectorAll("button, .button, .badge, label")]
                  .filter(e => e.scrollWidth > e.clientWidth + 2)
                  .map(e => e.outerHTML.slice(0, 100))"""
            )
            assert cut == [], address


def test_targets_are_large_enough(browser: Browser, back_office: BackOffice) -> None:
    """WCAG 2.5.8: whatever is pressed measures 24 by 24 pixels, links in sentences apart."""
    with visit(browser, back_office.base) as page:
        back_office.sign_in(page)
        for address in (*PAGES, "/inbox/unassigned?page=2"):
            page.goto(address)
            small: list[str] = page.evaluate(
                """() => [...document.querySelectorAll("a, button, input, select, textarea")]
                  .filter(e => e.checkVisibility() && e.type !== "hidden"
                            && !e.classList.contains("skip") && !e.closest("main p, .facts"))
                  .filter(e => { const b = e.getBoundingClientRect();
                                 return b.width < 24 || b.height < 24; })
                  .map(e => e.outerHTML.slice(0, 120))"""
            )
            assert small == [], address


def test_colours_of_the_system_are_taken(browser: Browser, back_office: BackOffice) -> None:
    """With forced colours every state still has its word and every button its border."""
    with visit(browser, back_office.base, forced_colors="active") as page:
        back_office.sign_in(page)
        page.goto("/cases/R-1102")
        keep_picture(page, "case-forced-colours")
        edges: list[str] = page.evaluate(
            """() => [...document.querySelectorAll("button, .button, .badge")]
              .filter(e => getComputedStyle(e).borderTopStyle === "none")
              .map(e => e.outerHTML.slice(0, 100))"""
        )
        assert edges == []


def test_a_case_is_printed_without_its_buttons(browser: Browser, back_office: BackOffice) -> None:
    """On paper stand the facts and the history, black on white; nothing to press."""
    with visit(browser, back_office.base, color_scheme="dark") as page:
        back_office.sign_in(page)
        page.goto("/cases/R-1102")
        page.emulate_media(media="print", color_scheme="dark")
        keep_picture(page, "case-on-paper")
        seen: list[str] = page.evaluate(
            """() => [...document.querySelectorAll("nav, button, .button, input")]
              .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 100))"""
        )
        assert seen == []
        ink, paper = page.evaluate(
            """() => [getComputedStyle(document.querySelector("dd")).color,
                      getComputedStyle(document.querySelector(".card")).backgroundColor]"""
        )
        assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")


def test_a_list_is_printed(browser: Browser, back_office: BackOffice) -> None:
    """On paper stands the table that one has on the screen."""
    with visit(browser, back_office.base) as page:
        back_office.sign_in(page)
        page.emulate_media(media="print")

        assert page.locator("table.cases").is_visible()


def test_nothing_moves(browser: Browser, back_office: BackOffice) -> None:
    """No animation and no transition, whatever the system is set to (WCAG 2.2.2, 2.3.3)."""
    with visit(browser, back_office.base) as page:
        back_office.sign_in(page)
        moving: int = page.evaluate("document.getAnimations().length")
        assert moving == 0
