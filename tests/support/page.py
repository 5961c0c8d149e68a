"""Reads a page as a person would: its title, headings, links, forms, and what stands on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode

import httpx
from starlette.types import ASGIApp

from tests.support.office import COOKIE, PETRA, TOKEN

VOID: Final = frozenset({"meta", "link", "input", "path", "circle", "rect", "br", "hr", "img"})
SILENT: Final = frozenset({"script", "style", "head"})
TYPED: Final = ("input", "select", "textarea")


@dataclass
class Form:
    """One form of a page with what it would send."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        """What it would send under this name."""
        return dict(self.fields)[name]


class Page(HTMLParser):
    """A page, read; raises AssertionError where tags are not closed in order."""

    def __init__(self, text: str) -> None:
        """Read it whole."""
        super().__init__()
        self.html = text
        self.title = ""
        self.headings: list[str] = []
        self.links: dict[str, str] = {}
        """By what is written on them, with runs of blanks as one."""
        self.forms: list[Form] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self._texts: list[str] = []
        self._since: list[int] = []
        self._link = ""
        self._select: tuple[str, str | None] | None = None
        self.feed(text)
        assert not self._open, f"never closed: {self._open}"

    @property
    def text(self) -> str:
        """All that can be read, with runs of blanks as one."""
        return " ".join(" ".join(self._texts).split())

    @property
    def targets(self) -> set[str | None]:
        """Where all its links lead."""
        return {attributes.get("href") for tag, attributes in self.tags if tag == "a"}

    def form(self, action: str) -> Form:
        """The form that is sent there."""
        return next(form for form in self.forms if form.action == action)

    def named(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of every such tag."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [a for t, a in self.tags if t == tag and wanted.items() <= a.items()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self._open.append(tag)
            self._since.append(len(self._texts))
        if tag == "a":
            self._link = attributes.get("href") or ""
        elif tag == "form":
            self.forms.append(Form(attributes.get("action") or "", attributes.get("method") or ""))
        elif tag in TYPED and self.forms:
            self._field(tag, attributes)
        elif tag == "option" and self._select and "selected" in attributes:
            self._select = (self._select[0], attributes.get("value"))

    def handle_endtag(self, tag: str) -> None:
        """A tag closes: the one that opened last."""
        if tag in VOID:
            return
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1] == tag, f"</{tag}> closes <{self._open[-1]}>"
        self._open.pop()
        inner = " ".join(" ".join(self._texts[self._since.pop() :]).split())
        if tag == "a":
            self.links.setdefault(inner, self._link)
        elif tag in ("h1", "h2", "h3"):
            self.headings.append(inner)
        elif tag == "title" and "svg" not in self._open:
            self.title = inner
        elif tag == "textarea":
            name, _ = self.forms[-1].fields[-1]
            self.forms[-1].fields[-1] = (name, inner)
        elif tag == "select" and self._select and self.forms:
            self.forms[-1].fields.append((self._select[0], self._select[1] or ""))
            self._select = None

    def handle_data(self, data: str) -> None:
        """Something that can be read, unless it stands where nobody reads it."""
        if "title" in self._open or not SILENT & set(self._open):
            self._texts.append(data)

    def _field(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        name, kind = attributes.get("name"), attributes.get("type")
        if not name:
            return
        if tag == "select":
            self._select = (name, None)
        elif kind not in ("checkbox", "radio") or "checked" in attributes:
            self.forms[-1].fields.append((name, attributes.get("value") or ""))


@dataclass
class Answer:
    """What came back: status, headers and the page, if it is one."""

    response: httpx.Response

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def page(self) -> Page:
        """The page, read."""
        return Page(self.response.text)

    @property
    def to(self) -> str:
        """Where it leads."""
        return self.response.headers["location"]


class Visitor:
    """Somebody at the pages, by the ASGI interface alone: no server, no browser."""

    def __init__(self, app: ASGIApp, clerk: str = PETRA.id, language: str = "de") -> None:
        """Who it is, and what their browser says of languages."""
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://office",
            headers={"Accept-Language": language},
            cookies={COOKIE: clerk},
        )

    async def get(self, address: str) -> Answer:
        """Ask for a page."""
        return Answer(await self._client.get(address))

    async def page(self, address: str) -> Page:
        """Ask for a page that is there."""
        answer = await self.get(address)
        assert answer.status == 200, f"{address}: {answer.status}"
        return answer.page

    async def post(self, address: str, *pairs: tuple[str, str], **fields: str) -> Answer:
        """Send a form from our pages."""
        sent = [("csrf_token", TOKEN), *pairs, *fields.items()]
        return Answer(
            await self._client.post(
                address,
                content=urlencode(sent),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
        )

    async def send(self, form: Form, **changes: str) -> Answer:
        """Send a form as it stands on a page, with some fields filled in."""
        kept = [pair for pair in form.fields if pair[0] not in changes]
        return await self.post(form.action, *_unique(kept), **changes)


def _unique(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Without the token, which `post` adds."""
    return (pair for pair in pairs if pair[0] != "csrf_token")
