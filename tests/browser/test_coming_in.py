"""Signing in, being locked and being attacked, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from hub.access.options import OidcOptions
from hub.broker.ports import free
from hub.entry.at_provider import RETURN
from hub.oidc.provider import Provider
from tests.browser.conftest import BackOffice
from tests.support.accounts import PASSWORD
from tests.support.browser import PATIENCE_MS, served, violations, visit
from tests.support.front_door import FrontDoor, front_door
from tests.support.real_provider import real_provider

pytestmark = pytest.mark.browser
CASE = "R-1001"
STEP = f"/cases/{CASE}/steps/rejected"
ENGLISH = {"locale": "en-GB"}
LOCKED = "Locked, because nothing happened for a while. What you entered is still here."
expect.set_options(timeout=PATIENCE_MS)


def sign_in(page: Page, path: str = "/") -> None:
    """By keyboard alone."""
    page.goto(path)
    page.get_by_label("Name").focus()
    page.keyboard.type("m.beispiel")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def unlock(page: Page) -> None:
    """With the password alone: whose session it is, is known."""
    expect(page.get_by_text("Signed in as Mara Beispiel.")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()


def test_the_way_in(browser: Browser, back_office: BackOffice) -> None:
    """By keyboard alone to the inbox and out again; going back shows nothing any more."""
    with visit(browser, back_office.base, **ENGLISH) as page:
        sign_in(page, "/inbox/unassigned")
        expect(page).to_have_url(re.compile("/inbox/unassigned$"))
        page.get_by_role("button", name="Sign out").press("Enter")
        expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
        page.go_back()
        expect(page.get_by_label("Password")).to_be_visible()
        assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in page.context.cookies())


def test_locked_before_ones_eyes(browser: Browser, back_office: BackOffice) -> None:
    """The lock is said beforehand, empties the screen, and loses nothing that was typed."""
    with visit(browser, back_office.base, **ENGLISH) as page:
        sign_in(page, STEP)
        page.get_by_label("Documents are missing").check()
        page.clock.fast_forward("13:30")
        back_office.door.later(13.5)
        expect(page.get_by_role("status")).to_contain_text("locked in a moment")
        with page.expect_response("**/session"):
            page.get_by_role("button", name="Go on working").click()
        page.clock.fast_forward("00:10")
        expect(page.get_by_role("status")).to_be_empty()

        page.clock.fast_forward("15:01")
        back_office.door.later(15.1)
        expect(page.get_by_text(LOCKED)).to_be_visible()
        expect(page.locator("main")).to_be_hidden()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Unlock in a new tab").click()
        unlock(opened.value)
        expect(opened.value.get_by_role("button", name="Sign out")).to_be_visible()
        opened.value.close()

        page.clock.fast_forward("00:10")
        expect(page.locator("main")).to_be_visible()
        expect(page.get_by_label("Documents are missing")).to_be_checked()
        page.get_by_role("button", name="Reject").click()
        expect(page).to_have_url(re.compile("done=said"))
        assert back_office.desk.peek(CASE).status == "rejected"


def test_locked_without_a_script(browser: Browser, back_office: BackOffice) -> None:
    """Without any script a form that is sent too late comes back after signing in, and is sent."""
    with visit(browser, back_office.base, java_script_enabled=False, **ENGLISH) as page:
        sign_in(page, STEP)
        page.get_by_label("Documents are missing").check()
        back_office.door.later(16)
        page.get_by_role("button", name="Reject").click()
        expect(page.get_by_text("What you entered is not lost")).to_be_visible()
        unlock(page)
        expect(page.get_by_role("heading", name="Your entries are still here")).to_be_visible()
        page.get_by_role("button", name="Send it now").click()
        expect(page).to_have_url(re.compile("done=said"))
        assert back_office.desk.peek(CASE).status == "rejected"


@pytest.mark.parametrize("encoding", ["application/x-www-form-urlencoded", "text/plain"])
def test_a_foreign_page(browser: Browser, back_office: BackOffice, encoding: str) -> None:
    """A page of somebody else that sends a form here, with the clerk's cookies: refused."""
    action = f"{back_office.base}/cases/{CASE}/claim"
    attack = f"""<form id="f" method="post" action="{action}" enctype="{encoding}">
    <input name="version" value="1"><input name="csrf_token" value="{"0" * 64}"></form>
    <script>document.getElementById("f").submit()</script>"""

    async def lure(_request: Request) -> HTMLResponse:
        return HTMLResponse(
            attack, headers={"Content-Security-Policy": "script-src 'unsafe-inline'"}
        )

    evil = served(Starlette(routes=[Route("/", lure)]))
    with evil as elsewhere, visit(browser, back_office.base, **ENGLISH) as page:
        sign_in(page)
        with page.expect_response("**/claim") as answered:
            page.goto(elsewhere)
        assert answered.value.status == 403
        expect(page.get_by_text("This did not come from our pages")).to_be_visible()
        assert back_office.desk.peek(CASE).assigned_to is None


@contextmanager
def with_provider(folder: Path, config: pytest.Config) -> Iterator[tuple[FrontDoor, str]]:
    """An office whose clerks sign in at a real provider, at the time that it is; its address."""
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
    with (
        with_provider(tmp_path, request.config) as (door, here),
        visit(browser, here, **ENGLISH) as page,
    ):
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
        assert len(door.kept.accounts.all()) == 2


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_everybody_can_use_them(
    browser: Browser, back_office: BackOffice, language: str, theme: str
) -> None:
    """What stands between signing in and working has no violation that axe knows."""
    with visit(browser, back_office.base, color_scheme=theme) as page:
        page.goto(f"/language/{language}?next=/login")
        page.fill("#name", "m.beispiel")
        page.fill("#password", "falsch")
        page.keyboard.press("Enter")
        page.wait_for_selector("#problem")
        assert violations(page) == []
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/inbox/**")
        page.goto("/password")
        page.press("#new", "Enter")
        page.wait_for_selector("#problems")
        assert violations(page) == []
        page.goto(STEP)
        page.check("input[name=reason] >> nth=0")
        back_office.door.later(16)
        page.click("main form button[type=submit]")
        page.wait_for_selector("#password")
        assert violations(page) == []
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("details")
        assert violations(page) == []
        page.click(".account button")
        page.goto("/login")
        page.fill("#name", "r.revision")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/inbox/**")
        page.goto("/record")
        assert violations(page) == []
