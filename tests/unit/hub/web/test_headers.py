"""What stands around every answer."""

import pytest

from hub.pages.headers import ALWAYS, POLICY
from tests.support.page import Visitor

PAGES = (
    "/",
    "/inbox/unassigned",
    "/cases/R-1001",
    "/cases/none",
    "/cases/R-1001/steps/accepted",
    "/cases/R-1104/steps/accepted",
    "/referrals/new",
    "/offers/new",
    "/help",
    "/accessibility",
    "/news/mine?mark=0",
    "/language/en",
    "/nowhere",
    "/static/pages.css",
)


@pytest.mark.parametrize("address", PAGES)
async def test_every_answer_is_guarded(petra: Visitor, address: str) -> None:
    """Page, refusal, redirection and file alike carry the headers."""
    headers = (await petra.get(address)).response.headers

    assert {name: headers.get(name) for name in ALWAYS} == dict(ALWAYS)
    if not address.startswith("/static"):
        assert headers["Cache-Control"] == "no-store"


def test_the_policy_lets_nothing_in() -> None:
    """Nothing from elsewhere, no inline script or style, no frame, no other form target."""
    assert POLICY.startswith("default-src 'none'; ")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(
        POLICY.split("; ")
    )


@pytest.mark.parametrize("address", [page for page in PAGES if "static" not in page])
async def test_no_page_needs_more_than_the_policy_allows(petra: Visitor, address: str) -> None:
    """No inline script, style or handler, and nothing from another host."""
    answer = await petra.get(address)
    if not answer.response.headers.get("content-type", "").startswith("text/html"):
        return

    for tag, attributes in answer.page.tags:
        assert tag != "style"
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert tag != "script" or (attributes["src"] or "").startswith("/static/")
        for name in ("src", "href", "action"):
            assert (attributes.get(name) or "/").startswith(("/", "#"))


async def test_files_are_kept_by_their_content(petra: Visitor) -> None:
    """A browser keeps style and script for good; their address changes with their content."""
    page = await petra.page("/help")
    style = page.named("link", rel="stylesheet")[0]["href"]
    assert style is not None
    assert style.startswith("/static/pages.css?v=")

    headers = (await petra.get(style)).response.headers
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Type"].startswith("text/css")


@pytest.mark.parametrize("name", ["none.css", "..%2Fapp.py", "%2e%2e/app.py"])
async def test_only_our_files_are_served(petra: Visitor, name: str) -> None:
    """Nothing but what lies in the folder."""
    assert (await petra.get(f"/static/{name}")).status == 404
