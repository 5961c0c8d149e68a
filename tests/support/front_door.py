"""A back office with real accounts in a database of its own, and browsers that come to it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from secrets import token_bytes
from typing import Any, Final

from httpx import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette

from hub import auditing
from hub.access.clerk import Account
from hub.access.hashing import Hasher
from hub.access.keeping import Kept
from hub.access.options import AccountOptions
from hub.access.record import Entry
from hub.access.roles import Role
from hub.audit.keeping import Audit
from hub.entry.access import make_access
from hub.entry.lobby import Lobby
from hub.entry.site import Site
from hub.oidc.provider import Provider
from hub.stores.accounts.opening import opened
from hub.stores.accounts.upgrade import upgrade
from hub.web.app import create_app
from hub.web.figures import Room
from tests.support.accounts import HASHER, PASSWORD, an_account
from tests.support.district import KFB
from tests.support.office import NOW, PARTIES, Stage, fill, memory_desk

HERE: Final = "http://127.0.0.1:8092"
OUTSIDE: Final = "https://desk.example"
_FORM: Final = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_ACTION: Final = re.compile(r'<form\b[^>]*\baction="([^"]*)"')
_INPUT: Final = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE: Final = re.compile(r'\b([a-z]+)(?:="([^"]*)")?')


@dataclass(kw_only=True)
class Door:
    """Pages with accounts, their clock, and what is kept of who came."""

    app: Starlette
    kept: Kept
    origin: str
    now: datetime = NOW

    def later(self, minutes: float) -> None:
        """So many minutes go by."""
        self.now += timedelta(minutes=minutes)

    def browser(self, address: str = "192.0.2.7", **headers: str) -> "Browser":
        """A browser that nobody has used yet."""
        client = AsyncClient(
            transport=ASGITransport(self.app, client=(address, 50_000)),
            base_url=self.origin,
            headers={"accept-language": "en", **headers},
        )
        return Browser(client, self.origin)

    async def signed_in(self, name: str = "m.beispiel") -> "Browser":
        """A browser in which somebody has signed in."""
        browser = self.browser()
        arrived = await browser.sign_in(name)
        assert arrived.status_code == 303, arrived.text
        return browser

    def account(self, name: str, role: Role = Role.CLERK, **more: Any) -> Account:  # noqa: ANN401
        """A new account with the PASSWORD."""
        account = an_account(name, role, **more)
        self.kept.accounts.add(account, "operator", self.now)
        return account

    def said(self) -> list[Entry]:
        """The record, oldest first."""
        return [entry for _, entry in reversed(self.kept.record.latest(1000))]


@dataclass(kw_only=True)
class FrontDoor(Door):
    """The office, and its desk."""

    desk: Stage


@dataclass
class Browser:
    """Sends what a browser sends, its forms as they stand on the page."""

    client: AsyncClient
    origin: str
    page: Response | None = None
    """What it shows."""
    usual: dict[str, str] = field(default_factory=dict)

    async def open(self, path: str, **headers: str) -> Response:
        """Open an address."""
        self.page = await self.client.get(path, headers=headers)
        return self.page

    async def post(self, path: str, fields: Mapping[str, Any], **headers: str) -> Response:
        """Send these fields as a page of the same origin does, or as these headers say."""
        said = {"origin": self.origin, "sec_fetch_site": "same-origin", **headers}
        said = {name.replace("_", "-"): value for name, value in said.items() if value}
        self.page = await self.client.post(path, data=dict(fields), headers=said)
        return self.page

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form on the page that leads there, as they are filled."""
        assert self.page is not None
        for form in _FORM.findall(self.page.text):
            found = _ACTION.match(form)
            if found and unescape(found[1]) == action:
                return dict(_filled(form))
        raise AssertionError(f"no form to {action} on this page: {self.page.text}")

    async def send(self, action: str, **changes: str) -> Response:
        """Send the form of the page that leads there, with these changes."""
        return await self.post(action, self.form(action) | changes)

    async def sign_in(
        self, name: str = "m.beispiel", password: str = PASSWORD, path: str = "/login"
    ) -> Response:
        """Open the page and sign in."""
        await self.open(path)
        return await self.send("/login", name=name, password=password)

    def cookie(self, which: str) -> str | None:
        """The value of one of the office's cookies."""
        found = [one for one in self.client.cookies.jar if one.name.endswith(f"-{which}")]
        return found[0].value if found else None


@contextmanager
def front_door(
    folder: Path,
    *,
    party: str = KFB,
    provider: Provider | None = None,
    hasher: Hasher = HASHER,
    desk: Stage | None = None,
    figures_from: Room | None = None,
    audit: Audit | None = None,
    **options: object,
) -> Iterator[FrontDoor]:
    """An office of this party with these settings and an account of Mara Beispiel's.

    Its desk is a filled one in memory, unless one is given.
    """
    said = AccountOptions.model_validate(options)
    url = f"sqlite:///{folder / f'{party}.sqlite'}"
    upgrade(url)
    with opened(url, auditing.accounts(audit, party, "o.beispiel@here")) as kept:
        door: FrontDoor
        site = Site(party, said.public_url, said.proxies)
        lobby = Lobby(site, said, kept, hasher, provider, lambda: door.now, token_bytes)
        if desk is None:
            desk = memory_desk(party)
            fill(desk)
        access = make_access(lobby)
        app = create_app(desk, PARTIES, lambda: door.now, access, "", figures_from, audit)
        door = FrontDoor(app=app, kept=kept, desk=desk, origin=said.public_url or HERE)
        if kept.accounts.find("m.beispiel") is None:
            door.account("m.beispiel")
        yield door


def _filled(form: str) -> Iterator[tuple[str, str]]:
    for tag in _INPUT.findall(form):
        said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        if said.get("type") not in ("radio", "checkbox") or "checked" in said:
            yield said["name"], said.get("value", "")
