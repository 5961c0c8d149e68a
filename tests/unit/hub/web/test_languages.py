"""German first, English second."""

import pytest

from hub.language import Language
from hub.pages.language_choice import local
from hub.pages.languages import best
from tests.support.page import Visitor


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "de"),
        ("en", "en"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("tr,en;q=0.5", "en"),
        ("tr,ar", "de"),
        ("en;q=0,de", "de"),
        ("en;q=x", "de"),
        ("fr;q=1,en;q=0.2,de;q=0.3", "de"),
        (",,;q=", "de"),
    ],
)
def test_the_browser_says_which(header: str, language: str) -> None:
    """The language it wants most of those there are; German where it wants neither."""
    assert best(header) is Language(language)


async def test_every_page_says_its_language(petra: Visitor, english: Visitor) -> None:
    """In the page itself, for screen readers, and in the answer's header."""
    for visitor, language in ((petra, "de"), (english, "en")):
        answer = await visitor.get("/help")
        assert answer.page.named("html", lang=language)
        assert answer.response.headers["Content-Language"] == language


async def test_the_link_changes_it_and_leads_back(petra: Visitor) -> None:
    """A click on the other language shows the same page in it, and it stays so."""
    page = await petra.page("/inbox/all?sort=case&page=2")
    answer = await petra.get(page.links["English"])

    assert answer.to == "/inbox/all?sort=case&page=2"
    assert "HttpOnly" in answer.response.headers["set-cookie"]
    assert "All cases" in (await petra.page(answer.to)).headings
    assert "Help" in (await petra.page("/help")).headings


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x",
        "",
    ],
)
async def test_the_link_leads_nowhere_else(petra: Visitor, elsewhere: str) -> None:
    """Nobody is sent to another site by our own link."""
    assert local(elsewhere) == "/"
    answer = await petra._client.get("/language/en", params={"next": elsewhere})
    assert answer.headers["location"] == "/"


async def test_a_language_there_is_not(petra: Visitor) -> None:
    """A third language has no address."""
    assert (await petra.get("/language/fr")).status == 404
