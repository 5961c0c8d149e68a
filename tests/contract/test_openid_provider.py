"""A real, certified OpenID provider and the back office understand each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Final

import httpx
import pytest

from hub.access.clerk import Identity
from hub.access.options import OidcOptions
from hub.access.roles import Role
from hub.oidc.errors import CodeRefused
from hub.oidc.id_token import Expected
from hub.oidc.provider import Provider
from tests.support.front_door import HERE, Browser, FrontDoor, front_door
from tests.support.invented_provider import a_key
from tests.support.real_provider import CLIENT, RealProvider, real_provider

pytestmark = pytest.mark.oidc
BACK: Final = f"{HERE}/login/return"


@pytest.fixture
def theirs(request: pytest.FixtureRequest) -> Iterator[RealProvider]:
    """The provider."""
    with real_provider(request.config, HERE) as running:
        yield running


@pytest.fixture
def elsewhere() -> Iterator[httpx.Client]:
    """The part of a browser that is at the provider."""
    with httpx.Client(trust_env=False) as client:
        yield client


@contextmanager
def office(folder: Path, theirs: RealProvider) -> Iterator[FrontDoor]:
    """A back office whose clerks sign in there, at the time that it is."""
    ours = Provider.of(OidcOptions.model_validate(theirs.options), BACK)
    try:
        with front_door(
            folder, provider=ours, public_url=HERE, oidc=theirs.options, idle_minutes=1
        ) as door:
            door.now = datetime.now(UTC).replace(microsecond=0)  # tokens tell whole seconds
            yield door
    finally:
        ours.close()


@pytest.fixture
def door(tmp_path: Path, theirs: RealProvider) -> Iterator[FrontDoor]:
    """That office."""
    with office(tmp_path, theirs) as made:
        yield made


async def sent_on(browser: Browser, path: str = "/login?next=/inbox/mine") -> str:
    """Where the sign-in page leads to."""
    await browser.open(path)
    page = await browser.send("/login/provider")
    return unescape(page.text.partition("url=")[2].partition('"')[0])


async def signed_in(
    door: FrontDoor, theirs: RealProvider, elsewhere: httpx.Client, clerk: str = "mara"
) -> Browser:
    """Somebody who has gone there and back."""
    browser = door.browser()
    back = theirs.walk(elsewhere, await sent_on(browser), clerk)
    arrived = await browser.open(back.removeprefix(HERE))
    assert arrived.status_code == 303, arrived.text
    assert arrived.headers["location"] == "/inbox/mine"
    return browser


async def test_there_and_back(
    door: FrontDoor, theirs: RealProvider, elsewhere: httpx.Client
) -> None:
    """A clerk signs in at the provider and works here, under the name and role it says."""
    browser = await signed_in(door, theirs, elsewhere)
    assert "Mara Beispiel" in (await browser.open("/inbox/mine")).text
    account = door.kept.accounts.identified(Identity(theirs.issuer, "mara"))
    assert account
    assert account.clerk.role is Role.LEAD


async def test_no_role(door: FrontDoor, theirs: RealProvider, elsewhere: httpx.Client) -> None:
    """Somebody whom the provider knows, without a role here, does not come in."""
    browser = door.browser()
    back = theirs.walk(elsewhere, await sent_on(browser), "gast")
    refused = await browser.open(back.removeprefix(HERE))
    assert refused.status_code == 403
    assert "no role here" in refused.text


async def test_a_code_counts_once(
    door: FrontDoor, theirs: RealProvider, elsewhere: httpx.Client
) -> None:
    """The provider itself takes a code once, and only with the verifier that began it."""
    ours = Provider.of(OidcOptions.model_validate(theirs.options), BACK)
    address = ours.authorization_url("s" * 32, "the-nonce", "v" * 64, door.now, again=False)
    back = httpx.URL(theirs.walk(elsewhere, address, "jo"))
    assert back.params["state"] == "s" * 32
    assert ours.is_from(back.params["iss"], door.now)
    with pytest.raises(CodeRefused):
        ours.redeem(back.params["code"], "w" * 64, door.now)
    ours.close()


async def test_its_token_is_as_we_read_it(
    door: FrontDoor, theirs: RealProvider, elsewhere: httpx.Client
) -> None:
    """The token that it gives passes every check, with the claims that were asked for."""
    ours = Provider.of(OidcOptions.model_validate(theirs.options), BACK)
    address = ours.authorization_url("s" * 32, "the-nonce", "v" * 64, door.now, again=True)
    back = httpx.URL(theirs.walk(elsewhere, address, "jo"))
    id_token = ours.redeem(back.params["code"], "v" * 64, door.now)
    expected = Expected(theirs.issuer, CLIENT, "the-nonce", fresh_since=door.now)
    claims = ours.claims(id_token, expected, datetime.now(UTC))
    assert (claims["sub"], claims["name"], claims["roles"]) == ("jo", "Jo Muster", ["kw-clerk"])
    ours.close()


async def test_unlocking_asks_again(
    door: FrontDoor, theirs: RealProvider, elsewhere: httpx.Client
) -> None:
    """A locked session: the provider asks for the password although it knows the browser."""
    browser = await signed_in(door, theirs, elsewhere)
    assert not theirs.asks(elsewhere, await sent_on(door.browser()))
    door.later(1)
    led = await browser.open("/inbox/mine")
    address = await sent_on(browser, led.headers["location"])
    assert theirs.asks(elsewhere, address)
    back = theirs.walk(elsewhere, address, "mara")
    arrived = await browser.open(back.removeprefix(HERE))
    assert arrived.headers["location"] == "/inbox/mine"
    assert (await browser.open("/inbox/mine")).status_code == 200


async def test_a_new_key(tmp_path: Path, theirs: RealProvider, elsewhere: httpx.Client) -> None:
    """The provider gets a new key while the pages run: clerks sign in as before."""
    with office(tmp_path, theirs) as door:
        await signed_in(door, theirs, elsewhere)
        theirs.stop()
        theirs.keys = [a_key("two")]
        theirs.start()
        door.later(1)
        elsewhere.cookies.clear()
        await signed_in(door, theirs, elsewhere)


async def test_signing_out(door: FrontDoor, theirs: RealProvider, elsewhere: httpx.Client) -> None:
    """Signing out here signs out there, and the provider leads back."""
    browser = await signed_in(door, theirs, elsewhere)
    await browser.open("/inbox/mine")
    page = await browser.send("/logout")
    address = unescape(page.text.partition("url=")[2].partition('"')[0])
    back = theirs.walk(elsewhere, address, "")
    assert back == f"{HERE}/signed-out"
    assert theirs.asks(elsewhere, await sent_on(door.browser()))
