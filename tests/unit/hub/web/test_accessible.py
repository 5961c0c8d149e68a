"""What WCAG asks that neither axe nor a browser can tell: by reading pages, scripts and styles."""

import re
from pathlib import Path
from typing import Final

import pytest
from starlette.applications import Starlette

from hub.domain.transitions import Step
from hub.web.words.steps import STEPS
from tests.support.office import AUDITOR, LEAD, PETRA
from tests.support.page import Visitor

WEB: Final = Path("hub/web")
ROOMS: Final = (WEB, Path("hub/pages"))
"""What the pages are made of."""


def read(pattern: str) -> str:
    """The text of every such file."""
    files = [file for room in ROOMS for file in sorted(room.glob(pattern))]
    assert files, pattern
    return "".join(file.read_text("utf-8") for file in files)


SCRIPTS: Final = read("static/*.js")
STYLES: Final = read("static/*.css")
TEMPLATES: Final = read("templates/*.html")
BADGE: Final = re.compile(r'<span class="badge[^"]*">(.*?)</span></span>', re.DOTALL)
TAG: Final = re.compile(r"<[^>]+>")
ADDRESSES: Final = (
    "/inbox/unassigned",
    "/inbox/faulty",
    "/inbox/all",
    "/cases/R-1001",
    "/cases/R-1102",
    "/cases/K-3001",
    "/cases/U-4001",
)


def test_no_key_is_taken_away() -> None:
    """WCAG 2.1.4: no script listens to keys, and nothing has a shortcut of one character."""
    assert re.findall(r"key(?:down|up|press)", SCRIPTS) == []
    assert "accesskey" not in TEMPLATES + SCRIPTS


def test_everything_is_seen_in_the_order_in_which_it_is_read() -> None:
    """WCAG 1.3.2, 2.4.3: no style puts anything elsewhere, and no number changes the way of Tab."""
    assert re.findall(r"[^-\w]order:|row-reverse|column-reverse|float:", STYLES) == []
    assert {*re.findall(r'tabindex="([^"]*)"', TEMPLATES)} <= {"0", "-1"}


@pytest.mark.parametrize("address", ADDRESSES)
async def test_every_state_has_its_word(petra: Visitor, address: str) -> None:
    """WCAG 1.4.1: no badge says anything by colour or sign alone."""
    page = await petra.page(address)
    badges = BADGE.findall(page.html)

    assert badges
    assert [badge for badge in badges if not TAG.sub("", badge).strip()] == []
    assert all('aria-hidden="true"' in badge for badge in badges if "<svg" in badge)


@pytest.mark.parametrize("clerk", [PETRA.id, LEAD.id, AUDITOR.id])
async def test_help_is_at_the_same_place(app: Starlette, clerk: str) -> None:
    """WCAG 3.2.6: last in the head and first in the foot, whoever looks at whichever page."""
    visitor = Visitor(app, clerk)
    for address in ("/inbox/unassigned", "/cases/R-1102", "/help", "/accessibility"):
        page = await visitor.page(address)
        navs = [n for n, (tag, _) in enumerate(page.tags) if tag in ("nav", "main")]
        head = [a.get("href") for tag, a in page.tags[navs[0] : navs[1]] if tag == "a"]
        foot = [a.get("href") for tag, a in page.tags[navs[-1] :] if tag == "a"]
        assert head[-1] == "/help", address
        assert foot[-2:] == ["/help", "/accessibility"], address


def test_a_password_may_be_pasted_and_kept() -> None:
    """WCAG 3.3.8, 1.3.5: sign-in takes what a password manager brings, and asks for no puzzle."""
    sign_in = (ROOMS[1] / "templates/sign_in.html").read_text("utf-8")

    assert 'autocomplete="username"' in sign_in
    assert 'autocomplete="current-password"' in sign_in
    assert "paste" not in TEMPLATES + SCRIPTS


async def test_what_is_about_others_is_not_filled_in_from_oneself(petra: Visitor) -> None:
    """WCAG 1.3.5: the browser offers no clerk's own name and address for a client's."""
    page = await petra.page("/referrals/new")
    typed = [a for tag, a in page.tags if tag == "input" and a.get("type") in ("text", "date")]

    assert typed
    assert {a.get("autocomplete") for a in typed} == {"off"}


@pytest.mark.parametrize(
    "step", [Step.ACCEPTED, Step.REJECTED, Step.FORWARDED, Step.CANCELLED], ids=str
)
async def test_a_form_says_what_it_does_before_it_is_sent(english: Visitor, step: Step) -> None:
    """WCAG 3.3.4: what has a legal effect is a page of its own, with a way back."""
    page = await english.page(f"/cases/R-1001/steps/{step}")

    assert page.text.index(STEPS[step].effect) < page.text.rindex(STEPS[step].action)
    assert page.links["Do nothing, go back"] == "/cases/R-1001"
