"""The desk's pages at the board as people see and use them: axe, themes, keyboard, a phone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from hub.board.choice import mark
from hub.letters.journal import Act
from tests.support.accounts import PASSWORD
from tests.support.board import District
from tests.support.browser import keep_picture, served, violations, visit
from tests.support.letters_desk import CLIENT, LATE_DAY, BoardDoor, board_door, held

pytestmark = pytest.mark.browser

LETTER: Final = "/dead/letters/referrals.dead/0/0"


@dataclass
class Place:
    """Where the board is reached, and what is behind it."""

    base: str
    door: BoardDoor
    pages: Mapping[str, str]

    def sign_in(self, page: Page) -> None:
        """As a person does, with the keyboard."""
        page.goto("/login?next=/dead")
        page.fill("#name", "o.betrieb")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("form[action='/logout']")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Five letters; the two of an earlier day are being sent again, one of them in vain."""
    district = District()
    district.polled()
    with board_door(tmp_path_factory.mktemp("board"), district, LATE_DAY) as door:
        district.died = held(door.desk)
        late = next(one for one in held(door.desk).causes if "too-late" in one.codes)
        cause = f"/dead/{mark(late)}"
        pages = {
            "letter": LETTER,
            "replay": f"{cause}/replay",
            "waits": "/dead/letters/referrals.dead/0/3/replay",
            "discard": f"{cause}/discard",
            "cause": cause,
            "password": "/password",
        }
        with served(door.app) as base:
            yield Place(base, door, pages)


@pytest.mark.parametrize(("language", "theme"), [("de", "light"), ("en", "dark")])
def test_no_page_of_the_desk_has_a_violation(
    browser: Browser, place: Place, language: str, theme: str
) -> None:
    """As axe judges (WCAG 2.2 AA): plans, letters covered and not, problems, a run, sign-in."""
    found: list[str] = []
    options = {"locale": language, "color_scheme": theme, "at": place.door.district.now}
    with visit(browser, place.base, **options) as page:

        def look(name: str) -> None:
            keep_picture(page, f"board-desk-{name}-{language}-{theme}")
            found.extend(f"{name}: {each}" for each in violations(page))

        page.goto("/login")
        look("login")
        place.sign_in(page)
        look("dead")
        for name, address in place.pages.items():
            page.goto(address)
            look(name)
        page.goto(place.pages["replay"])
        page.click("main button")
        look("problem")
        page.goto(LETTER)
        page.fill("#reason", "Absender fragt nach")
        page.click("main form.fill button")
        page.wait_for_selector(f"text={CLIENT}")
        look("uncovered")
        page.goto(place.pages["replay"])
        page.fill("#reason", "Frist neu")
        page.click("main button")
        page.wait_for_selector("progress")
        run = place.door.desk.running()
        assert run
        place.door.desk.judge(run, 1, Act.REFUSED)
        page.goto(f"/dead/runs/{run.ask.run}?still=1")
        look("run")
        place.door.desk.end(run)
        page.goto(f"/dead/runs/{run.ask.run}")
        look("over")

    assert found == []


def test_the_desk_is_worked_by_keyboard_alone(browser: Browser, place: Place) -> None:
    """From the letter to its reason to its content, by Tab and Enter."""
    with visit(browser, place.base, at=place.door.district.now) as page:
        place.sign_in(page)
        page.goto(f"{LETTER}#content")
        page.locator("pre.content").focus()
        covered = page.content()
        page.keyboard.press("Tab")
        page.keyboard.type("Absender fragt nach")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"text={CLIENT}")
        shown = page.locator("pre.content").inner_text()
        page.locator("pre.content").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#reason")

        assert CLIENT not in covered + page.content()
        assert CLIENT in shown


def test_no_page_of_the_desk_scrolls_sideways_on_a_phone(browser: Browser, place: Place) -> None:
    """WCAG 1.4.10: nothing is wider than 320 pixels, but what has its own room."""
    phone = {"width": 320, "height": 640}
    with visit(browser, place.base, viewport=phone, at=place.door.district.now) as page:
        place.sign_in(page)
        for name, address in place.pages.items():
            page.goto(address)
            keep_picture(page, f"board-desk-{name}-320")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= phone["width"], name
