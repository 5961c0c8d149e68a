"""Clerks change their own password; whoever knows the old one is out."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from hub.access.pauses import PER_NAME
from hub.access.record import What
from tests.support.accounts import PASSWORD
from tests.support.front_door import FrontDoor

NEW = "achtzehn Kraniche über Dieburg"
FORM = {"present": PASSWORD, "new": NEW, "again": NEW}


async def test_changed(door: FrontDoor) -> None:
    """With the new password all other sessions are over, this one goes on, the old one is none."""
    here, elsewhere = await door.signed_in(), await door.signed_in()
    before = here.cookie("session")
    await here.open("/password?next=/inbox/mine")
    done = await here.send("/password", **FORM)
    assert done.headers["location"] == "/inbox/mine"
    assert here.cookie("session") != before
    assert (await here.open("/inbox/mine")).status_code == 200
    assert (await elsewhere.open("/inbox/mine")).status_code == 303
    assert (await door.browser().sign_in(password=PASSWORD)).status_code == 422
    assert (await door.browser().sign_in(password=NEW)).status_code == 303
    assert What.PASSWORD_CHANGED in [entry.what for entry in door.said()]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"present": "geraten"}, "This is not your present password."),
        ({"again": NEW + "!"}, "The two new passwords are not the same."),
        ({"new": "kurz", "again": "kurz"}, "The password needs at least 12 characters."),
        ({"new": "Beispiel und Muster", "again": "Beispiel und Muster"}, "contain your name"),
        ({"new": "Passwort123456", "again": "Passwort123456"}, "easy to guess"),
        ({"new": PASSWORD, "again": PASSWORD}, "not your present password"),
        ({"new": "ab cd" * 40, "again": "ab cd" * 40}, "at most 128 characters"),
        ({"present": "", "new": "", "again": ""}, "at least 12 characters"),
    ],
)
async def test_refused(door: FrontDoor, changes: Mapping[str, str], says: str) -> None:
    """What is wrong is said beside its field; no password is shown again, nothing has changed."""
    browser = await door.signed_in()
    await browser.open("/password")
    page = await browser.send("/password", **{**FORM, **changes})
    assert page.status_code == 422
    assert says in page.text
    form = browser.form("/password")
    assert [form[name] for name in FORM] == ["", "", ""]
    assert (await door.browser().sign_in()).status_code == 303


async def test_guessing_the_present_one(door: FrontDoor) -> None:
    """Whoever found an open browser cannot guess the password there without pauses either."""
    browser = await door.signed_in()
    await browser.open("/password")
    for _ in range(PER_NAME.free):
        await browser.send("/password", **{**FORM, "present": "geraten"})
    page = await browser.send("/password", **FORM)
    assert "It failed too often" in page.text
    assert (await browser.open("/inbox/mine")).status_code == 200


async def test_a_password_from_somebody_else(door: FrontDoor) -> None:
    """Whoever signs in with a password that was made for them chooses another one first."""
    account = door.account("neu", shown="Nele Neu")
    door.kept.accounts.change(replace(account, must_change=True), None)
    browser = door.browser()
    page = await browser.sign_in("neu", path="/login?next=/inbox/mine")
    assert page.status_code == 200
    assert "Somebody else has made your present password" in page.text
    for path in ("/inbox/mine", "/cases/R-1001", "/referrals/new"):
        assert (await browser.open(path)).headers["location"] == "/password"
    await browser.open("/password")
    token = browser.form("/logout")["csrf_token"]
    await browser.post("/cases/R-1001/claim", {"csrf_token": token, "version": "1"})
    assert door.desk.peek("R-1001").assigned_to is None

    await browser.open("/password?next=/inbox/mine")
    done = await browser.send("/password", **FORM)
    assert done.headers["location"] == "/inbox/mine"
    assert (await browser.open("/inbox/mine")).status_code == 200


async def test_what_was_typed_waits_for_the_new_password(door: FrontDoor) -> None:
    """If the password is reset while a form is filled in, the form comes back after all that."""
    account = door.kept.accounts.find("m.beispiel")
    assert account
    step = "/cases/R-1001/steps/rejected"
    browser = await door.signed_in()
    await browser.open(step)
    door.kept.sessions.end_others(account.clerk.id, "", door.now)
    door.kept.accounts.change(replace(account, must_change=True), None)
    await browser.send(step, reason="at_capacity")
    await browser.send("/login", name="m.beispiel", password=PASSWORD)
    page = await browser.send("/password", **FORM)
    assert page.status_code == 200
    assert browser.form(step)["reason"] == "at_capacity"
    assert (await browser.send(step)).status_code == 303


async def test_an_outdated_hash_is_renewed(door: FrontDoor) -> None:
    """A hash of weaker parameters is made anew when its password is known."""
    weaker = "$argon2id$v=19$m=8,t=1,p=1$"
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert old.startswith(weaker)
    account = door.account("alt")
    door.kept.accounts.change(replace(account, password_hash=old), None)
    await door.signed_in("alt")
    renewed = door.kept.accounts.find("alt")
    assert renewed
    assert renewed.password_hash
    assert not renewed.password_hash.startswith(weaker)
    await door.signed_in("alt")
