"""Signing in, being locked and being attacked, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from hub.access.options import OidcOptions
from hub.access.roles import Role
from hub.broker.ports import free
from hub.oidc.provider import Provider
from hub.web.entry.at_provider import RETURN
from tests.support.accounts import PASSWORD
from tests.support.chromium import chromium, served
from tests.support.front_door import FrontDoor, front_door
from tests.support.real_provider import real_provider

pytestmark = pytest.mark.browser
STEP = "/cases/R-1001/steps/rejected"
LOCKED = "Locked, because nothing happened for a while. What you entered is still here."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of all these tests."""
    with chromium() as running:
        yield running


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    """An office at the time that it is."""
    with front_door(tmp_path) as made:
        made.now = datetime.now(UTC)
        yield made


@pytest.fixture
def here(door: FrontDoor) -> Iterator[str]:
    """Its address."""
    with served(door.app) as address:
        yield address


def context(browser: Browser, here: str, *, script: bool = True) -> BrowserContext:
    """A browser that nobody has used yet."""
    made = browser.new_context(base_url=here, locale="en-GB", java_script_enabled=script)
    made.set_default_timeout(60_000)
    return made


def sign_in(page: Page, path: str = "/") -> None:
    """By keyboard alone."""
    page.goto(path)
    page.get_by_label("Name").focus()
    page.keyboard.type("m.beispiel")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=60_000)


def test_the_way_in(browser: Browser, here: str) -> None:
    """By keyboard alone to the inbox and out again; going back shows nothing any more."""
    with context(browser, here) as used:
        page = used.new_page()
        sign_in(page, "/inbox/unassigned")
        expect(page).to_have_url(re.compile("/inbox/unassigned$"))
        page.get_by_role("button", name="Sign out").press("Enter")
        expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
        page.go_back()
        expect(page.get_by_label("Password")).to_be_visible(timeout=60_000)
        cookies = {one["name"]: one for one in used.cookies()}
        assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in cookies.values())


def test_locked_before_ones_eyes(browser: Browser, here: str, door: FrontDoor) -> None:
    """The lock is said beforehand, empties the screen, and loses nothing that was typed."""
    with context(browser, here) as used:
        page = used.new_page()
        page.clock.install(time=door.now)
        sign_in(page, STEP)
        page.get_by_label("Documents are missing").check()

        page.clock.fast_forward("13:30")
        door.later(13.5)
        expect(page.get_by_role("status")).to_contain_text("locked in a moment")
        with page.expect_response("**/session"):
            page.get_by_role("button", name="Go on working").click()
        page.clock.fast_forward("00:10")
        expect(page.get_by_role("status")).to_be_empty()

        page.clock.fast_forward("15:01")
        door.later(15.1)
        expect(page.get_by_text(LOCKED)).to_be_visible()
        expect(page.locator("main")).to_be_hidden()
        with used.expect_page() as opened:
            page.get_by_role("link", name="Unlock in a new tab").click()
        other = opened.value
        expect(other.get_by_text("Signed in as Mara Beispiel.")).to_be_visible()
        other.get_by_label("Password").fill(PASSWORD)
        other.get_by_label("Password").press("Enter")
        expect(other.get_by_role("button", name="Sign out")).to_be_visible()
        other.close()

        page.clock.fast_forward("00:10")
        expect(page.locator("main")).to_be_visible()
        expect(page.get_by_label("Documents are missing")).to_be_checked()
        page.get_by_role("button", name="Reject").click()
        expect(page).to_have_url(re.compile("done=said"))
        assert door.desk.peek("R-1001").status == "rejected"


def test_locked_without_a_script(browser: Browser, here: str, door: FrontDoor) -> None:
    """Without any script a form that is sent too late comes back after signing in, and is sent."""
    with context(browser, here, script=False) as used:
        page = used.new_page()
        sign_in(page, STEP)
        page.get_by_label("Documents are missing").check()
        door.later(16)
        page.get_by_role("button", name="Reject").click()
        expect(page.get_by_text("What you entered is not lost")).to_be_visible()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Unlock").click()
        expect(page.get_by_role("heading", name="Your entries are still here")).to_be_visible()
        page.get_by_role("button", name="Send it now").click()
        expect(page).to_have_url(re.compile("done=said"))
        assert door.desk.peek("R-1001").status == "rejected"


@pytest.mark.parametrize("encoding", ["application/x-www-form-urlencoded", "text/plain"])
def test_a_foreign_page(browser: Browser, here: str, door: FrontDoor, encoding: str) -> None:
    """A page of somebody else that sends a form here, with the clerk's cookies: refused."""
    attack = f"""<form id="f" method="post" action="{here}/cases/R-1001/claim" enctype="{encoding}">
    <input name="version" value="1"><input name="csrf_token" value="{"0" * 64}"></form>
    <script>document.getElementById("f").submit()</script>"""

    async def lure(_request: Request) -> HTMLResponse:
        return HTMLResponse(attack)

    with served(Starlette(routes=[Route("/", lure)])) as evil, context(browser, here) as used:
        page = used.new_page()
        sign_in(page)
        with page.expect_response("**/claim") as answered:
            page.goto(evil)
        assert answered.value.status == 403
        expect(page.get_by_text("This did not come from our pages")).to_be_visible()
        assert door.desk.peek("R-1001").assigned_to is None


@contextmanager
def with_provider(folder: Path, config: pytest.Config) -> Iterator[tuple[FrontDoor, str]]:
    """An office whose clerks sign in at a real provider, and its address."""
    port = free(1)[0]
    here = f"http://127.0.0.1:{port}"
    with real_provider(config, here) as theirs:
        ours = Provider.of(OidcOptions.model_validate(theirs.options), here + RETURN)
        with (
            closing(ours),
            front_door(folder, provider=ours, public_url=here, oidc=theirs.options) as door,
            served(door.app, port),
        ):
            door.now = datetime.now(UTC)
            yield door, here


@pytest.mark.oidc
def test_by_way_of_the_provider(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """In a browser, with our strict policy: to a real provider and back, and out at both."""
    with with_provider(tmp_path, request.config) as (door, here), context(browser, here) as used:
        page = used.new_page()
        page.goto("/inbox/unassigned")
        page.get_by_role("button", name="On to the sign-in").click()
        page.locator("input[name=login]").fill("mara")
        page.locator("input[name=password]").fill("whatever")
        page.locator("button[type=submit]").click()
        page.locator("button[type=submit]").click()
        expect(page.get_by_text("Mara Beispiel")).to_be_visible()
        expect(page).to_have_url(f"{here}/inbox/unassigned")
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Yes, sign me out").click()
        expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
        expect(page).to_have_url(f"{here}/signed-out")
        assert door.kept.accounts.all()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_everybody_can_use_them(
    browser: Browser, here: str, door: FrontDoor, language: str, scheme: str
) -> None:
    """No page of these has a violation of the accessibility rules that axe knows."""
    door.account("pruefung", Role.AUDITOR)
    with context(browser, here) as used:
        page = used.new_page()
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        page.goto(f"/language/{language}?next=/login")
        _check(page)
        page.locator("#name").fill("m.beispiel")
        page.locator("#password").fill("falsch")
        page.locator("#password").press("Enter")
        _check(page)
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        page.goto("/password")
        _check(page)
        page.locator("#new").press("Enter")
        _check(page)
        page.goto(STEP)
        page.locator("input[name=reason]").first.check()
        door.later(16)
        page.locator("main form button[type=submit]").click()
        _check(page)
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        _check(page)
        page.locator(".account button").click()
        _check(page)
        page.goto("/login")
        page.locator("#name").fill("pruefung")
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        page.goto("/record")
        _check(page)


def _check(page: Page) -> None:
    page.wait_for_load_state()
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
