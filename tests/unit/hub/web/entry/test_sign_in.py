"""Signing in with a name and a password, and what somebody who guesses learns: nothing."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from argon2.low_level import Type, verify_secret

from connectors.errors import Later
from hub.access.hashing import Hasher
from hub.access.pauses import PER_ADDRESS, PER_NAME
from hub.access.record import Entry, What
from hub.access.tokens import digest
from tests.support.accounts import PASSWORD
from tests.support.front_door import OUTSIDE, FrontDoor, front_door

WRONG = "The name or the password is wrong."


async def test_the_way_in(door: FrontDoor) -> None:
    """Whoever opens the inbox signs in first, and then stands where they wanted to be."""
    browser = door.browser()
    led = await browser.open("/inbox/unassigned?sort=case")
    assert led.status_code == 303
    await browser.open(led.headers["location"])
    arrived = await browser.send("/login", name=" M.Beispiel ", password=PASSWORD)
    assert arrived.headers["location"] == "/inbox/unassigned?sort=case"
    page = await browser.open(arrived.headers["location"])
    assert page.status_code == 200
    assert "Mara Beispiel" in page.text
    assert [entry.what for entry in door.said()] == [What.ADDED, What.SIGNED_IN]


async def test_signed_in_already(door: FrontDoor) -> None:
    """Whoever is signed in is not asked again."""
    browser = await door.signed_in()
    led = await browser.open("/login?next=/help")
    assert led.headers["location"] == "/help"


async def test_nothing_is_told_without_a_session(door: FrontDoor) -> None:
    """Without a session every address leads to the sign-in, whether it is there or not."""
    browser = door.browser()
    for path in ("/", "/cases/R-1001", "/cases/R-9999", "/nothing/here", "/record", "/inbox/x"):
        led = await browser.open(path)
        assert led.status_code == 303
        assert led.headers["location"] == f"/login?next={quote(path, safe='')}"
        assert led.text == ""


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": "m.beispiel", "password": "geraten"}, WRONG),
        ({"name": "niemand", "password": PASSWORD}, WRONG),
        ({"name": "", "password": ""}, WRONG),
        ({"name": "m.beispiel", "password": PASSWORD + "x"}, WRONG),
        ({"name": "x" * 5000, "password": "y" * 100_000}, WRONG),
        ({"name": "' OR 1=1 --", "password": "' OR 1=1 --"}, WRONG),
    ],
)
async def test_refused(door: FrontDoor, typed: Mapping[str, str], wrong: str) -> None:
    """What is wrong is refused with one and the same sentence; the password is not shown again."""
    browser = door.browser()
    await browser.open("/login")
    page = await browser.send("/login", **typed)
    assert page.status_code == 422
    assert wrong in page.text
    assert browser.form("/login")["password"] == ""
    assert browser.cookie("session") is None


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "a\x00b", "password": PASSWORD},
        {"name": "m.beispiel", "password": "\x00"},
        {"name": "m.beispiel", "password": PASSWORD, "next": "\x00//evil.example"},
    ],
)
async def test_what_no_database_takes(door: FrontDoor, typed: Mapping[str, str]) -> None:
    """A NUL in a field is refused before any account is looked for; nobody is signed in."""
    browser = door.browser()
    await browser.open("/login")

    assert (await browser.send("/login", **typed)).status_code == 400
    assert (await browser.open("/inbox/unassigned")).status_code == 303


async def test_a_locked_account(door: FrontDoor) -> None:
    """A locked account looks like a wrong password, and its sessions are over at once."""
    browser = await door.signed_in()
    account = door.kept.accounts.find("m.beispiel")
    assert account
    locked = replace(account, locked_at=door.now)
    door.kept.accounts.change(locked, Entry(door.now, What.LOCKED, account.clerk.id, "operator"))

    assert (await browser.open("/inbox/unassigned")).status_code == 303
    page = await door.browser().sign_in()
    assert (page.status_code, WRONG in page.text) == (422, True)


async def test_the_same_work_for_every_name(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that nobody has costs one Argon2 with the same parameters, like one that is there."""
    work: list[str] = []

    def counted(hashed: bytes, password: bytes, kind: Type) -> bool:
        work.append(hashed.decode().rsplit("$", 2)[0])
        return verify_secret(hashed, password, kind)

    monkeypatch.setattr("argon2._password_hasher.verify_secret", counted)
    works = []
    for name in ("m.beispiel", "niemand", ""):
        work.clear()
        await door.browser().sign_in(name, "geraten")
        works.append(list(work))
    assert works[0] == works[1] == works[2]
    assert len(works[0]) == 1


async def test_too_many_at_once(door: FrontDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds all places taken is told to try again, and that is not counted as a failure."""

    def taken(*_: object) -> bool:
        raise Later(5, "too many sign-ins at once")

    with monkeypatch.context() as patched:
        patched.setattr(Hasher, "fits", taken)
        for _ in range(PER_NAME.free + 1):
            assert (await door.browser().sign_in()).status_code == 503
    assert (await door.browser().sign_in()).status_code == 303


async def test_pauses_grow(door: FrontDoor) -> None:
    """Who guesses waits, longer each time, and not even the right password is looked at."""
    browser = door.browser()
    for _ in range(PER_NAME.free):
        assert (await browser.sign_in(password="geraten")).status_code == 422
    for pause in (15, 30, 60):
        refused = await browser.sign_in()
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == str(pause)
        assert f"again in {pause} seconds" in refused.text
        door.later(pause / 60)
        assert (await browser.sign_in(password="geraten")).status_code == 422
    assert "again in 120 seconds" in (await browser.sign_in()).text
    door.later(2)
    assert (await browser.sign_in()).status_code == 303
    assert (await door.browser().sign_in(password="geraten")).status_code == 422


async def test_pauses_are_the_same_for_nobody(door: FrontDoor) -> None:
    """A name that nobody has makes one wait like one that somebody has."""
    answers = []
    for name, address in (("m.beispiel", "192.0.2.1"), ("niemand", "192.0.2.2")):
        browser = door.browser(address)
        for _ in range(PER_NAME.free):
            await browser.sign_in(name, "geraten")
        refused = await browser.sign_in(name, "geraten")
        answers.append((refused.status_code, refused.headers["retry-after"]))
    assert answers[0] == answers[1] == (429, "15")


async def test_one_address_tries_many_names(door: FrontDoor) -> None:
    """Who tries one password for many names is paused by their address; others are not."""
    browser = door.browser("198.51.100.9")
    for number in range(PER_ADDRESS.free):
        await browser.sign_in(f"clerk-{number}", "Sommer-2026-Sommer")
    assert (await browser.sign_in()).status_code == 429
    assert (await door.browser("198.51.100.10").sign_in()).status_code == 303


async def test_an_ipv6_network_is_one_address(door: FrontDoor) -> None:
    """Whoever has a whole IPv6 network is not many."""
    for number in range(PER_ADDRESS.free):
        await door.browser(f"2001:db8::{number:x}").sign_in(f"clerk-{number}", "geraten")
    assert (await door.browser("2001:db8::ffff").sign_in()).status_code == 429
    assert (await door.browser("2001:db8:0:1::1").sign_in()).status_code == 303


async def test_a_new_id_at_each_sign_in(door: FrontDoor) -> None:
    """A session's id that was there before signing in is worth nothing after it (fixation)."""
    browser = door.browser()
    await browser.open("/login")
    name = f"kurze-wege-{door.desk.party}-session"
    browser.client.cookies.set(name, "f" * 64, domain="127.0.0.1")
    arrived = await browser.send("/login", name="m.beispiel", password=PASSWORD)
    assert arrived.status_code == 303
    assert f"{name}={'f' * 64}" not in arrived.headers["set-cookie"]

    attacker = door.browser()
    attacker.client.cookies.set(name, "f" * 64, domain="127.0.0.1")
    assert (await attacker.open("/inbox/unassigned")).status_code == 303

    first = (await door.signed_in()).cookie("session")
    second = (await door.signed_in()).cookie("session")
    assert first != second
    assert first
    assert len(first) == 64


async def test_the_browsers_former_session_is_over(door: FrontDoor) -> None:
    """Signing in again in a browser ends what was there before, even if its cookie was copied."""
    browser = await door.signed_in()
    copied, before = dict(browser.client.cookies.items()), browser.cookie("session")
    door.later(20)
    await browser.open("/login")
    assert (await browser.send("/login", password=PASSWORD)).status_code == 303
    former = door.kept.sessions.get(digest(str(before)))
    assert former
    assert former.ended_at == door.now
    thief = door.browser()
    thief.client.cookies.update(copied)
    assert (await thief.open("/inbox/unassigned")).status_code == 303


async def test_a_replayed_form(door: FrontDoor) -> None:
    """A sign-in form that was used signs nobody in again, not even with the cookies of then."""
    browser = door.browser()
    await browser.open("/login")
    form = browser.form("/login") | {"name": "m.beispiel", "password": PASSWORD}
    before = dict(browser.client.cookies.items())
    assert (await browser.post("/login", form)).status_code == 303
    await browser.open("/help")
    await browser.send("/logout")

    again = await browser.post("/login", form)
    assert again.status_code == 403
    assert "This form was used already" in again.text
    thief = door.browser()
    thief.client.cookies.update(before)
    assert (await thief.post("/login", form)).status_code == 403
    assert thief.cookie("session") is None


@pytest.mark.parametrize("token", ["", "0" * 64, "x", None])
async def test_a_form_made_elsewhere(door: FrontDoor, token: str | None) -> None:
    """Without this browser's token nobody is signed in: not under another's name either."""
    browser = door.browser()
    await browser.open("/login")
    form = {"name": "m.beispiel", "password": PASSWORD, "next": "/"}
    refused = await browser.post("/login", form if token is None else form | {"csrf_token": token})
    assert refused.status_code == 403
    assert browser.cookie("session") is None
    assert browser.form("/login")["name"] == "m.beispiel"


async def test_another_browsers_token(door: FrontDoor) -> None:
    """A token that an attacker got for themselves does not work in another browser."""
    attacker, victim = door.browser(), door.browser()
    await attacker.open("/login")
    await victim.open("/login")
    form = attacker.form("/login") | {"name": "m.beispiel", "password": PASSWORD}
    assert (await victim.post("/login", form)).status_code == 403


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "///evil.example",
        "http:evil.example",
        "evil.example",
        "",
        " //evil.example",
        "/\r\nSet-Cookie: a=b",
    ],
)
async def test_no_way_to_elsewhere(door: FrontDoor, elsewhere: str) -> None:
    """`next` leads to a page of ours, whatever stands in it, before and after signing in."""
    browser = door.browser()
    await browser.open(f"/login?next={quote(elsewhere, safe='')}")
    arrived = await browser.send("/login", name="m.beispiel", password=PASSWORD)
    assert arrived.headers["location"] == "/"
    led = await browser.open(f"/login?next={quote(elsewhere, safe='')}")
    assert led.headers["location"] == "/"

    other = door.browser()
    await other.open("/login")
    sent = await other.send("/login", name="m.beispiel", password=PASSWORD, next=elsewhere)
    assert sent.headers["location"] == "/"


async def test_cookies_on_this_machine(door: FrontDoor) -> None:
    """No script reads them, no other page sends them with a form; they end with the browser."""
    browser = door.browser()
    await browser.open("/login")
    arrived = await browser.send("/login", name="m.beispiel", password=PASSWORD)
    given = [one for one in arrived.headers.get_list("set-cookie") if "-session=" in one]
    assert len(given) == 1
    value, *flags = given[0].split("; ")
    assert value.startswith("kurze-wege-kfb-session=")
    assert {flag.lower() for flag in flags} == {"httponly", "path=/", "samesite=lax"}


async def test_cookies_by_https(tmp_path: Path) -> None:
    """By HTTPS they are secure and bound to the host by their names."""
    with front_door(tmp_path, public_url=OUTSIDE) as door:
        browser = door.browser()
        page = await browser.open("/login")
        arrived = await browser.send("/login", name="m.beispiel", password=PASSWORD)
        for answer in (page, arrived):
            for given in answer.headers.get_list("set-cookie"):
                value, *flags = given.split("; ")
                assert value.startswith("__Host-kurze-wege-kfb-")
                assert {"httponly", "path=/", "samesite=lax", "secure"} <= {
                    flag.lower() for flag in flags
                }
                assert not any(flag.lower().startswith("domain") for flag in flags)
        assert (await browser.open("/inbox/unassigned")).status_code == 200


async def test_two_parties_on_one_machine(tmp_path: Path) -> None:
    """The session of one party's pages is none at another's, and does not disturb it."""
    with (
        front_door(tmp_path) as kfb,
        front_door(tmp_path, party="06432005") as town,
    ):
        browser = await kfb.signed_in()
        other = town.browser()
        other.client.cookies.update(browser.client.cookies)
        assert (await other.open("/inbox/unassigned")).status_code == 303
        assert (await other.sign_in()).status_code == 303
        assert (await other.open("/inbox/unassigned")).status_code == 200
        assert (await browser.open("/inbox/unassigned")).status_code == 200
        session = browser.cookie("session")
        assert session
        other.client.cookies.clear()
        other.client.cookies.set("kurze-wege-06432005-session", session, domain="127.0.0.1")
        assert (await other.open("/inbox/unassigned")).status_code == 303


def _bytes_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_no_id_is_kept(door: FrontDoor, tmp_path: Path) -> None:
    """In the database stands no session id, no password and no address."""
    browser = await door.signed_in()
    await door.browser("203.0.113.77").sign_in(password="ganz falsch geraten")
    session = browser.cookie("session")
    assert session
    stored = _bytes_in(tmp_path)
    for secret in (session, PASSWORD, "ganz falsch geraten", "203.0.113.77"):
        assert secret.encode() not in stored


async def test_markup_in_every_field(door: FrontDoor) -> None:
    """What is typed is shown as text, never as markup."""
    browser = door.browser()
    nasty = "\"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}'"
    await browser.open(f"/login?next={quote('/' + nasty)}")
    page = await browser.send("/login", name=nasty, password=nasty, kept=nasty, next="/" + nasty)
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&gt;{{ 7*7 }}&#39;" in page.text
    assert browser.form("/login")["name"] == nasty[:64]
