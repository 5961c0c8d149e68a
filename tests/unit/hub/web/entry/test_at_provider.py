"""Signing in at an OpenID provider: what belongs to another sign-in, or another, is refused."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from hub.access.clerk import Identity
from hub.access.options import OidcOptions
from hub.access.record import What
from hub.access.roles import Role
from hub.oidc.provider import Provider
from tests.support.front_door import OUTSIDE, Browser, FrontDoor, front_door
from tests.support.invented_provider import CLIENT, ISSUER, InventedProvider, a_key

OPTIONS: Final[Mapping[str, Any]] = {
    "issuer": ISSUER,
    "client_id": CLIENT,
    "client_secret": "geheim",
    "roles": {"kw-lead": "lead", "kw-clerk": "clerk", "kw-audit": "auditor"},
}
BACK: Final = f"{OUTSIDE}/login/return"
REFUSED: Final = "The sign-in was not completed."
WHO: Final = Identity(ISSUER, "9f1c")


@dataclass
class Both:
    """The office, and the provider it asks."""

    door: FrontDoor
    theirs: InventedProvider

    async def go(self, browser: Browser, path: str = "/login?next=/inbox/mine") -> dict[str, str]:
        """Begin to sign in; what the provider is asked."""
        await browser.open(path)
        return self.sent_on(await browser.send("/login/provider"))

    def sent_on(self, page: httpx.Response) -> dict[str, str]:
        """What the provider is asked by whoever follows this page, remembering the nonce."""
        assert page.status_code == 200, page.text
        address = page.text.partition("url=")[2].partition('"')[0].replace("&amp;", "&")
        assert address.startswith(f"{ISSUER}/auth?")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.theirs.nonce = asked["nonce"]
        return asked

    async def come_back(
        self, browser: Browser, asked: Mapping[str, str], **more: str
    ) -> httpx.Response:
        """The provider leads back; `more` is what it says otherwise."""
        said = {"code": "the-code", "state": asked["state"], "iss": ISSUER, **more}
        query = httpx.QueryParams({name: value for name, value in said.items() if value})
        return await browser.open(f"/login/return?{query}", sec_fetch_site="cross-site")

    async def signed_in(self) -> Browser:
        """Somebody who has signed in there."""
        browser = self.door.browser()
        arrived = await self.come_back(browser, await self.go(browser))
        assert arrived.status_code == 303, arrived.text
        return browser


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    """An office whose clerks sign in at the invented provider."""
    theirs = InventedProvider()
    ours = Provider(OidcOptions.model_validate(OPTIONS), BACK, theirs.client())
    with front_door(tmp_path, provider=ours, public_url=OUTSIDE, oidc=OPTIONS) as door:
        theirs.now = lambda: door.now
        yield Both(door, theirs)
    ours.close()


async def test_the_way_in(both: Both) -> None:
    """There and back: an account is made at the first time, with role and name as they are said."""
    browser = await both.signed_in()
    page = await browser.open("/inbox/mine")
    assert "Jo Muster" in page.text
    assert 'href="/password"' not in page.text
    assert (await browser.open("/password")).status_code == 404
    account = both.door.kept.accounts.identified(WHO)
    assert account
    assert account.clerk.role is Role.CLERK
    assert "9f1c" not in account.clerk.id
    assert [(one.what, one.by) for one in both.door.said()][-2:] == [
        (What.ADDED, "provider"),
        (What.SIGNED_IN, None),
    ]


async def test_once_an_account_always_an_account(both: Both) -> None:
    """The second time it is the same account; a new role or name counts, a role is recorded."""
    await both.signed_in()
    first = both.door.kept.accounts.identified(WHO)
    both.theirs.claims = {
        "roles": ["kw-lead"],
        "name": "Jo Muster-Beispiel",
        "email": "x@y.example",
    }
    await both.signed_in()
    account = both.door.kept.accounts.identified(WHO)
    assert first
    assert account
    assert account.clerk.id == first.clerk.id
    assert (account.clerk.role, account.clerk.name) == (Role.LEAD, "Jo Muster-Beispiel")
    changed = [one for one in both.door.said() if one.what is What.ROLE_CHANGED]
    assert [(one.by, one.detail) for one in changed] == [("provider", "clerk>lead")]


async def test_no_passwords_here(both: Both) -> None:
    """Where a provider is, names and passwords are not taken, unless the settings say so."""
    browser = both.door.browser()
    page = await browser.open("/login")
    assert 'name="password"' not in page.text
    token = browser.form("/login/provider")["csrf_token"]
    fields = {"csrf_token": token, "name": "m.beispiel", "password": "sieben Zwerge im Odenwald"}
    assert (await browser.post("/login", fields)).status_code == 404


async def test_both_ways(tmp_path: Path) -> None:
    """With `local_accounts` there are both."""
    theirs = InventedProvider()
    ours = Provider(OidcOptions.model_validate(OPTIONS), BACK, theirs.client())
    office = front_door(
        tmp_path, provider=ours, public_url=OUTSIDE, oidc=OPTIONS, local_accounts=True
    )
    with office as door:
        page = await door.browser().open("/login")
        assert 'name="password"' in page.text
        assert 'action="/login/provider"' in page.text
        assert (await door.browser().sign_in()).status_code == 303
    ours.close()


async def test_without_a_provider_there_is_no_way_to_it(door: FrontDoor) -> None:
    """Nor back from it."""
    browser = door.browser()
    await browser.open("/login")
    token = browser.form("/login")["csrf_token"]
    assert (await browser.post("/login/provider", {"csrf_token": token})).status_code == 404
    assert (await browser.open("/login/return?code=x&state=y")).status_code == 404


@pytest.mark.parametrize(
    "answer",
    [
        {"state": "another"},
        {"state": ""},
        {"code": ""},
        {"iss": "https://evil.example"},
        {"iss": ""},
        {"error": "access_denied"},
        {"error": "access_denied", "code": ""},
    ],
)
async def test_an_answer_to_something_else(both: Both, answer: Mapping[str, str]) -> None:
    """Another state or issuer, an error or no code: nobody is signed in, no code is redeemed."""
    browser = both.door.browser()
    refused = await both.come_back(browser, await both.go(browser), **answer)
    assert refused.status_code == 403
    assert REFUSED in refused.text
    assert "evil" not in refused.text
    assert "access_denied" not in refused.text
    assert browser.cookie("session") is None
    assert both.theirs.asked_for("/token") == 0


async def test_another_browsers_answer(both: Both) -> None:
    """An attacker's own code and state do not sign them in at a victim's browser (login CSRF)."""
    attacker, victim = both.door.browser(), both.door.browser()
    asked = await both.go(attacker)
    await both.go(victim)
    assert (await both.come_back(victim, asked)).status_code == 403
    bare = both.door.browser()
    assert (await both.come_back(bare, await both.go(both.door.browser()))).status_code == 403
    assert both.theirs.asked_for("/token") == 0


async def test_an_answer_twice(both: Both) -> None:
    """Going back and sending the same answer again signs nobody in a second time."""
    browser = both.door.browser()
    asked = await both.go(browser)
    cookies = dict(browser.client.cookies.items())
    assert (await both.come_back(browser, asked)).status_code == 303
    thief = both.door.browser()
    thief.client.cookies.update(cookies)
    assert (await both.come_back(thief, asked)).status_code == 403
    assert thief.cookie("session") is None


async def test_an_answer_too_late(both: Both) -> None:
    """Ten minutes after it began a sign-in is void."""
    browser = both.door.browser()
    asked = await both.go(browser)
    both.door.later(10)
    assert (await both.come_back(browser, asked)).status_code == 403


@pytest.mark.parametrize(
    ("claims", "flaw"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"aud": "another-client"}, "audience"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"exp": 1}, "expired"),
        ({"iat": 4102444800}, "not-yet"),
        ({"sub": ""}, "subject"),
    ],
)
async def test_a_token_for_something_else(both: Both, claims: Mapping[str, Any], flaw: str) -> None:
    """A token with one wrong claim signs nobody in; the record has the reason."""
    browser = both.door.browser()
    asked = await both.go(browser)
    both.theirs.claims = dict(claims)
    refused = await both.come_back(browser, asked)
    assert (refused.status_code, REFUSED in refused.text) == (403, True)
    assert browser.cookie("session") is None
    assert both.door.said()[-1].detail == f"provider: {flaw}"


async def test_a_token_that_nobody_signed(both: Both) -> None:
    """`alg: none`, a stranger's key, the right key under another's name: each is refused."""
    stranger = a_key("one")
    forgers: tuple[Callable[[], str], ...] = (
        lambda: f"eyJhbGciOiJub25lIn0.{both.theirs.id_token().split('.')[1]}.",
        lambda: both.theirs.id_token(key=stranger),
        lambda: both.theirs.id_token(key=a_key("other")),
    )
    for make in forgers:
        browser = both.door.browser()
        asked = await both.go(browser)
        both.theirs.token = partial(_answered, make())
        assert (await both.come_back(browser, asked)).status_code == 403
        assert browser.cookie("session") is None


async def test_the_provider_changes_its_key(both: Both) -> None:
    """After a key was changed clerks sign in as before."""
    await both.signed_in()
    both.door.later(1)
    both.theirs.keys = [a_key("two")]
    await both.signed_in()


def _answered(token: str, _request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"id_token": token})


@pytest.mark.parametrize("roles", [[], ["something"], None])
async def test_no_role_here(both: Both, roles: object) -> None:
    """Whoever the provider knows but the settings give no role does not come in; none is made."""
    browser = both.door.browser()
    asked = await both.go(browser)
    both.theirs.claims = {"roles": roles}
    refused = await both.come_back(browser, asked)
    assert (refused.status_code, "no role here" in refused.text) == (403, True)
    assert both.door.kept.accounts.identified(WHO) is None


async def test_a_role_that_was_taken_away(both: Both) -> None:
    """Who has lost the role at the provider does not come in any more."""
    await both.signed_in()
    both.theirs.claims = {"roles": []}
    browser = both.door.browser()
    assert (await both.come_back(browser, await both.go(browser))).status_code == 403


async def test_a_locked_account(both: Both) -> None:
    """Who is locked here does not come in, whatever the provider says."""
    await both.signed_in()
    account = both.door.kept.accounts.identified(WHO)
    assert account
    both.door.kept.accounts.change(replace(account, locked_at=both.door.now), None)
    browser = both.door.browser()
    refused = await both.come_back(browser, await both.go(browser))
    assert (refused.status_code, "This account is locked" in refused.text) == (403, True)


async def test_unlocking(both: Both) -> None:
    """A locked session asks the provider to ask again, and believes only a fresh answer."""
    browser = await both.signed_in()
    both.door.later(20)
    asked = await both.go(browser, "/login?next=/inbox/mine")
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    stale = both.door.now.timestamp() - 3600
    both.theirs.claims = {"auth_time": stale}
    assert (await both.come_back(browser, asked)).status_code == 403
    assert (await browser.open("/inbox/mine")).status_code == 303

    asked = await both.go(browser, "/login?next=/inbox/mine")
    both.theirs.claims = {"auth_time": both.door.now.timestamp()}
    arrived = await both.come_back(browser, asked)
    assert arrived.headers["location"] == "/inbox/mine"
    assert both.door.said()[-1].what is What.SIGNED_IN_AGAIN


async def test_what_was_typed_goes_there_and_back(both: Both) -> None:
    """A form that was sent too late survives the way to the provider; nobody else gets it."""
    step = "/cases/R-1001/steps/rejected"
    for subject, comes_back in (("9f1c", True), ("somebody-else", False)):
        browser = await both.signed_in()
        await browser.open(step)
        both.door.later(20)
        await browser.send(step, reason="at_capacity")
        asked = both.sent_on(await browser.send("/login/provider"))
        both.theirs.claims = {"auth_time": both.door.now.timestamp(), "sub": subject}
        arrived = await both.come_back(browser, asked)
        assert (arrived.status_code == 200) is comes_back
        if comes_back:
            assert browser.form(step)["reason"] == "at_capacity"
        both.theirs.claims = {}


async def test_signing_out_there_too(both: Both) -> None:
    """Signing out leads to the provider's sign-out with its token, on no page before."""
    browser = await both.signed_in()
    page = await browser.open("/inbox/mine")
    left = await browser.send("/logout")
    address = left.text.partition("url=")[2].partition('"')[0].replace("&amp;", "&")
    parts = urlsplit(address)
    said = parse_qs(parts.query)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ISSUER}/end"
    assert said["post_logout_redirect_uri"] == [f"{OUTSIDE}/signed-out"]
    assert said["id_token_hint"][0].count(".") == 2
    assert said["id_token_hint"][0] not in page.text
    assert browser.cookie("session") is None
    assert (await browser.open("/inbox/mine")).status_code == 303


async def test_no_token_is_kept_in_clear(both: Both, tmp_path: Path) -> None:
    """The id token lies sealed in the database; its key is the session's id."""
    await both.signed_in()
    stored = b"".join(_files(tmp_path))
    assert both.theirs.id_token().split(".")[0].encode() not in stored


def _files(folder: Path) -> Iterator[bytes]:
    for file in folder.iterdir():
        yield file.read_bytes()


async def test_the_provider_is_away(both: Both) -> None:
    """If it does not answer that is said, on the way there and on the way back."""
    both.theirs.token = lambda _: httpx.Response(500, json={})
    other = both.door.browser()
    away = await both.come_back(other, await both.go(other))
    assert (away.status_code, "does not answer" in away.text) == (503, True)

    both.door.later(61)
    both.theirs.discovery = {}
    other = both.door.browser()
    await other.open("/login")
    away = await other.send("/login/provider")
    assert (away.status_code, "does not answer" in away.text) == (503, True)


async def test_signing_out_while_the_provider_is_away(both: Both) -> None:
    """Here one is signed out in any case."""
    browser = await both.signed_in()
    for _ in range(5):
        both.door.later(14)
        await browser.open("/help")
    both.theirs.discovery = {}
    left = await browser.send("/logout")
    assert left.headers["location"] == "/signed-out"
    assert (await browser.open("/inbox/mine")).status_code == 303
