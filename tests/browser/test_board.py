"""The operations board in a real browser: every page, languages, themes, screens, and on paper."""

from collections.abc import Iterator, Mapping
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.support.board import District, some_died, some_expire
from tests.support.browser import ARTEFACTS, keep_picture, served, violations, visit

pytestmark = pytest.mark.browser

PAGES: Final[Mapping[str, str]] = {
    "overview": "/?still=1",
    "wall": "/?wall=1&still=1",
    "dead": "/dead",
    "states": "/states",
    "state": "/states/STALL",
    "nowhere": "/nowhere",
}
"""Those that would be shown anew while they are judged stay as they are."""
FIRST: Final = {name: PAGES[name] for name in ("overview", "wall")}
"""The pages with most on them."""


@pytest.fixture(scope="module")
def district() -> District:
    """After a night in which Kafka was away for an hour, a sink stops and a reader stands still."""
    found = District()
    found.night()
    found.died, found.expiring = some_died(), some_expire()
    found.breaks()
    return found


@pytest.fixture(scope="module")
def board(district: District) -> Iterator[str]:
    """Where it is reached."""
    with served(district.app()) as base:
        yield base


@pytest.mark.parametrize(
    ("language", "theme", "pages"),
    [
        ("de", "light", PAGES),
        ("en", "dark", PAGES),
        ("de", "dark", FIRST),
        ("en", "light", FIRST),
    ],
)
def test_no_page_of_the_board_has_a_violation(
    browser: Browser,
    board: str,
    district: District,
    language: str,
    theme: str,
    pages: Mapping[str, str],
) -> None:
    """As axe judges (WCAG 2.2 AA), with the cause of dead letters that a click leads to."""
    found = []
    options = {"locale": language, "color_scheme": theme, "at": district.now}
    with visit(browser, board, **options) as page:
        for name, address in pages.items():
            page.goto(address)
            keep_picture(page, f"board-{name}-{language}-{theme}")
            found += [f"{name}: {each}" for each in violations(page)]
        if pages is PAGES:
            page.goto("/dead")
            page.click("text=too-late")
            keep_picture(page, f"board-cause-{language}-{theme}")
            found += [f"cause: {each}" for each in violations(page)]

    assert found == []


def test_a_wall_screen_has_all_of_it_at_once(
    browser: Browser, board: str, district: District
) -> None:
    """Nothing must be scrolled at 1920 by 1080, with three incidents open."""
    screen = {"width": 1920, "height": 1080}
    for theme in ("dark", "light"):
        with visit(browser, board, viewport=screen, color_scheme=theme, at=district.now) as page:
            page.goto("/?wall=1")
            page.screenshot(path=ARTEFACTS / f"board-wall-1080-{theme}.png")
            size = page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
            )
            title = page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")

        assert size == [1920, 1080]
        assert title > 40


def test_nothing_scrolls_sideways_on_a_phone(
    browser: Browser, board: str, district: District
) -> None:
    """WCAG 1.4.10: whoever is called at night looks on a phone first."""
    with visit(browser, board, viewport={"width": 320, "height": 640}, at=district.now) as page:
        for name, address in PAGES.items():
            page.goto(address)
            keep_picture(page, f"board-{name}-320")
            assert _too_wide(page) == [], name
        page.goto("/dead")
        page.click("text=too-late")
        assert _too_wide(page) == []


def test_a_command_is_copied_whole(browser: Browser, board: str, district: District) -> None:
    """One click selects all of it, and nothing beside it."""
    with visit(browser, board, at=district.now) as page:
        page.goto("/dead")
        page.click("text=too-late")
        page.locator("code.command").first.click()
        chosen = page.evaluate("getSelection().toString()")

    assert (
        chosen == "hub dead replay --code too-late --type referral.requested.v1 --sender 06432005"
    )


def test_it_is_printed_for_the_file(browser: Browser, board: str, district: District) -> None:
    """On paper: the verdict, the incidents, the tables; nothing to press."""
    with visit(browser, board, color_scheme="dark", at=district.now) as page:
        page.goto("/")
        page.emulate_media(media="print", color_scheme="dark")
        keep_picture(page, "board-on-paper")
        seen = page.evaluate(
            """() => [...document.querySelectorAll("nav, .refreshing, .languages")]
              .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 100))"""
        )

        assert seen == []
        assert page.locator(".incident").count() == 3
        assert page.locator(".parties table").is_visible()


def _too_wide(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll("body *")]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.outerHTML.slice(0, 100))"""
    )
    return found
