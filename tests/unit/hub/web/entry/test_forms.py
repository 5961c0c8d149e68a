"""A form is taken only from a page of ours, in the session it was made for."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.routing import Route

from hub.access.pauses import PER_ADDRESS, address_key
from hub.access.record import What
from hub.entry.addresses import Anybody
from hub.entry.site import Site
from hub.web.addresses import ADDRESSES
from tests.support.accounts import PASSWORD
from tests.support.front_door import HERE, OUTSIDE, Browser, FrontDoor, front_door

CASE = "R-1001"
CLAIM = f"/cases/{CASE}/claim"
FORGED = "This did not come from our pages"


def is_claimed(door: FrontDoor) -> bool:
    """Whether the form did what it says."""
    return door.desk.peek(CASE).assigned_to is not None


async def on_case(door: FrontDoor) -> Browser:
    """A clerk who looks at the case."""
    browser = await door.signed_in()
    assert (await browser.open(f"/cases/{CASE}")).status_code == 200
    return browser


async def test_our_own(door: FrontDoor) -> None:
    """The form on the page does what it says."""
    browser = await on_case(door)
    assert (await browser.send(CLAIM)).status_code == 303
    assert is_claimed(door)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec_fetch_site": "cross-site"},
        {"origin": "https://evil.example", "sec_fetch_site": ""},
        {"origin": "null", "sec_fetch_site": ""},
        {"origin": "null", "sec_fetch_site": "same-origin"},
        {"origin": HERE, "sec_fetch_site": "cross-site"},
        {"origin": "http://127.0.0.1:9999", "sec_fetch_site": "same-site"},
        {"origin": "http://localhost:8092", "sec_fetch_site": "same-origin"},
        {"origin": "https://127.0.0.1:8092", "sec_fetch_site": ""},
        {"origin": "", "sec_fetch_site": "same-site"},
        {"origin": "", "sec_fetch_site": "none"},
        {"origin": "", "sec_fetch_site": ""},
    ],
)
async def test_from_elsewhere(door: FrontDoor, headers: Mapping[str, str]) -> None:
    """With the right token but from another page, or from none that says so: refused at once."""
    browser = await on_case(door)
    form = browser.form(CLAIM)
    refused = await browser.post(CLAIM, form, **headers)
    assert refused.status_code == 403
    assert FORGED in refused.text
    assert not is_claimed(door)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": HERE, "sec_fetch_site": ""},
        {"origin": "", "sec_fetch_site": "same-origin"},
        {"origin": HERE, "sec_fetch_site": "none"},
    ],
)
async def test_what_browsers_send(door: FrontDoor, headers: Mapping[str, str]) -> None:
    """Old browsers say the origin only, some requests only where they come from: both are ours."""
    browser = await on_case(door)
    assert (await browser.post(CLAIM, browser.form(CLAIM), **headers)).status_code == 303


@pytest.mark.parametrize("token", [None, "", "0" * 64, "ü", "x" * 10_000])
async def test_no_token(door: FrontDoor, token: str | None) -> None:
    """Without the session's token nothing happens; what was typed is offered to be sent by hand."""
    browser = await on_case(door)
    form = browser.form(CLAIM)
    del form["csrf_token"]
    refused = await browser.post(CLAIM, form if token is None else form | {"csrf_token": token})
    assert refused.status_code == 403
    assert not is_claimed(door)
    assert (await browser.send(CLAIM)).status_code == 303
    assert is_claimed(door)


async def test_another_sessions_token(door: FrontDoor) -> None:
    """The token of one clerk's session is none in another's."""
    door.account("j.muster", shown="Jo Muster")
    attacker, victim = await door.signed_in("j.muster"), await on_case(door)
    await attacker.open(f"/cases/{CASE}")
    form = victim.form(CLAIM) | {"csrf_token": attacker.form(CLAIM)["csrf_token"]}
    assert (await victim.post(CLAIM, form)).status_code == 403
    assert not is_claimed(door)


async def test_the_token_in_the_address(door: FrontDoor) -> None:
    """A token in the address counts for nothing: addresses are written down in many places."""
    browser = await on_case(door)
    form = browser.form(CLAIM)
    token = form.pop("csrf_token")
    assert (await browser.post(f"{CLAIM}?csrf_token={token}", form)).status_code == 403
    assert not is_claimed(door)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"version": 1}', 415),
        ("text/plain", b"version=1", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("", b"version=1", 415),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 300_000, 413),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 400), 400),
    ],
)
async def test_no_form(door: FrontDoor, kind: str, body: bytes, status: int) -> None:
    """What is no form of ours is refused by kind and size before anything reads it."""
    browser = await on_case(door)
    headers = {"origin": HERE, "content-type": kind}
    refused = await browser.client.post(CLAIM, content=body, headers=headers)
    assert refused.status_code == status
    assert not is_claimed(door)


async def test_every_address_that_changes_something(door: FrontDoor) -> None:
    """No POST address is answered without a token, by hand or from elsewhere, signed in or not."""
    names: dict[str, str] = {}
    for route in door.app.routes:
        if isinstance(route, Route) and "POST" in (route.methods or ()):
            names[route.name] = route.path.format(case=CASE, step="accepted")
    assert len(names) >= 10
    signed_in = await on_case(door)
    for name, path in names.items():
        for browser in (signed_in, door.browser()):
            forged = await browser.post(path, {}, origin="https://evil.example", sec_fetch_site="")
            assert forged.status_code == 403, name
            bare = await browser.post(path, {"name": "m.beispiel", "password": PASSWORD})
            comes_and_goes = ADDRESSES[name] is Anybody.COMES_AND_GOES
            nothing_there = name == "ask-provider" or (
                name == "sign-out" and bare.status_code == 303
            )
            assert bare.status_code == 403 or (comes_and_goes and nothing_there), name
    assert [entry.what for entry in door.said()] == [What.ADDED, What.SIGNED_IN]
    assert (await signed_in.open(f"/cases/{CASE}")).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8092", 303),
        ("localhost:1", 303),
        ("[::1]:8092", 303),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("127.0.0.1@evil.example", 421),
    ],
)
async def test_hosts_of_this_machine(door: FrontDoor, host: str, status: int) -> None:
    """Under another name the pages are not there, so that no other site can pose as them (DNS)."""
    answer = await door.browser().open("/inbox/unassigned", host=host)
    assert answer.status_code == status


async def test_the_host_of_the_world(tmp_path: Path) -> None:
    """With a public address the pages are only there; a health check may ask from anywhere."""
    with front_door(tmp_path, public_url=OUTSIDE) as door:
        browser = door.browser()
        assert (await browser.open("/login")).status_code == 200
        assert (await browser.open("/login", host="127.0.0.1:8092")).status_code == 421
        assert (await browser.open("/healthz", host="10.0.0.7:8092")).status_code == 200


async def test_behind_a_proxy(tmp_path: Path) -> None:
    """A proxy is believed about who asks; anybody else is not."""
    with front_door(tmp_path, public_url=OUTSIDE, proxies=["10.1.0.0/16"]) as door:
        for name, peer, said in (
            ("one", "10.1.0.5", "203.0.113.5"),
            ("two", "203.0.113.5", "198.51.100.1"),
            ("three", "10.1.0.5", "198.51.100.77, 203.0.113.5, 10.1.2.3"),
        ):
            browser = door.browser(peer)
            await browser.open("/login")
            form = browser.form("/login") | {"name": name, "password": "geraten"}
            await browser.post("/login", form, x_forwarded_for=said)
        account = door.kept.attempts
        key = address_key(door.kept.key, "203.0.113.5")
        for _ in range(PER_ADDRESS.free - 3):
            assert not account.begin({key: PER_ADDRESS}, door.now)
        assert account.begin({key: PER_ADDRESS}, door.now)


async def test_headers(door: FrontDoor) -> None:
    """Nothing is kept, framed, or run from elsewhere: not on refusals and not on redirects."""
    browser = door.browser()
    answers = [
        await browser.open("/login"),
        await browser.open("/inbox/unassigned"),
        await browser.post("/login", {}, origin="https://evil.example"),
        await browser.open("/", host="evil.example"),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("peer", "said", "believed"),
    [
        ("10.1.0.5", [], "10.1.0.5"),
        ("10.1.0.5", ["203.0.113.5"], "203.0.113.5"),
        ("10.1.0.5", ["198.51.100.1", "203.0.113.5"], "203.0.113.5"),
        ("10.1.0.5", ["198.51.100.1, 203.0.113.5, 10.1.9.9"], "203.0.113.5"),
        ("10.1.0.5", ["10.1.1.1, 10.1.9.9"], "10.1.1.1"),
        ("10.1.0.5", ["nonsense"], "unknown"),
        ("10.1.0.5", [""], "10.1.0.5"),
        ("192.0.2.7", ["203.0.113.5"], "192.0.2.7"),
        ("2001:db8::1", ["203.0.113.5"], "2001:db8::/64"),
        ("::ffff:203.0.113.5", [], "203.0.113.5"),
    ],
)
def test_who_asks(peer: str, said: list[str], believed: str) -> None:
    """The last address that no proxy of ours has said is who asks, in however many lines."""
    site = Site("kfb", OUTSIDE, (IPv4Network("10.1.0.0/16"),))
    headers = [(b"x-forwarded-for", one.encode()) for one in said]
    scope = {"type": "http", "headers": headers, "client": (peer, 1)}
    assert site.client(Request(scope)) == believed


@pytest.mark.parametrize(
    ("referer", "path"),
    [
        (f"{OUTSIDE}/inbox/mine?page=2", "/inbox/mine?page=2"),
        (f"{OUTSIDE}", "/"),
        (f"{OUTSIDE}//evil.example/", "/"),
        ("https://evil.example/inbox/mine", "/"),
        ("https://desk.example.evil.example/inbox", "/"),
        ("", "/"),
    ],
)
def test_where_a_form_stood(referer: str, path: str) -> None:
    """The page to go back to is one of ours."""
    headers = [(b"referer", referer.encode()), (b"host", b"desk.example")]
    scope = {"type": "http", "headers": headers, "client": None, "scheme": "https", "path": "/x"}
    assert Site("kfb", OUTSIDE).came_from(Request(scope)) == path


async def test_nothing_unbounded_before_signing_in(door: FrontDoor) -> None:
    """Whoever has not signed in cannot make the pages read more than a form can have."""
    browser = door.browser()
    headers = {"origin": HERE, "content-type": "application/x-www-form-urlencoded"}
    for path in ("/login", "/logout", "/login/provider"):
        answer = await browser.client.post(path, content=b"x" * 2_000_000, headers=headers)
        assert answer.status_code == 413
        kind = headers | {"content-type": "multipart/form-data; boundary=x"}
        answer = await browser.client.post(path, content=b"--x--", headers=kind)
        assert answer.status_code == 415
