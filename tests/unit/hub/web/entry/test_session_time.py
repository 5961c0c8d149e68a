"""Sessions are locked, end, and are ended; what was typed is not lost. Time is turned by hand."""

import re
from pathlib import Path

import pytest

from hub.access.record import What
from hub.entry.kept_form import KEPT
from tests.support.accounts import PASSWORD
from tests.support.front_door import Browser, FrontDoor, front_door

CASE = "R-1001"
STEP = f"/cases/{CASE}/steps/rejected"
NASTY = "<script>alert('Bahnhofstraße 9')</script>"


async def filling_in(door: FrontDoor) -> Browser:
    """A clerk with a form before them."""
    browser = await door.signed_in()
    assert (await browser.open(STEP)).status_code == 200
    return browser


async def test_locked_when_nothing_happens(door: FrontDoor) -> None:
    """After 15 minutes without a request the pages are locked, and the lock does not wear off."""
    browser = await door.signed_in()
    door.later(14)
    assert (await browser.open("/inbox/unassigned")).status_code == 200
    door.later(14)
    assert (await browser.open("/inbox/unassigned")).status_code == 200
    door.later(15)
    for _ in range(3):
        led = await browser.open("/inbox/mine")
        assert led.headers["location"] == "/login?next=%2Finbox%2Fmine"
    page = await browser.open(led.headers["location"])
    assert "Locked, because nothing happened" in page.text
    assert "Signed in as Mara Beispiel" in page.text
    assert "R-1" not in page.text


async def test_looking_for_news_is_no_sign_of_a_person(door: FrontDoor) -> None:
    """A page that asks for news by itself does not keep the session awake."""
    browser = await door.signed_in()
    for _ in range(14):
        door.later(1)
        assert (await browser.open("/news/unassigned?mark=0")).status_code == 200
        assert (await browser.open("/session")).status_code == 200
    door.later(1)
    assert (await browser.open("/news/unassigned?mark=0")).status_code == 403
    assert (await browser.open("/session")).status_code == 403
    assert (await browser.open("/inbox/unassigned")).status_code == 303


async def test_over_at_last(door: FrontDoor) -> None:
    """After 10 hours it is over, however busy somebody was."""
    browser = await door.signed_in()
    for _ in range(59):
        door.later(10)
        assert (await browser.open("/inbox/unassigned")).status_code == 200
    door.later(10)
    led = await browser.open("/inbox/unassigned")
    assert led.status_code == 303
    page = await browser.open(led.headers["location"])
    assert "Your session is over" in page.text
    assert browser.form("/login")["name"] == ""


async def test_times_are_settings(tmp_path: Path) -> None:
    """How long a session lasts is set."""
    with front_door(tmp_path, session_hours=1, idle_minutes=5) as door:
        browser = await door.signed_in()
        door.later(5)
        assert (await browser.open("/inbox/unassigned")).status_code == 303
        browser = await door.signed_in()
        for _ in range(14):
            door.later(4)
            assert (await browser.open("/inbox/unassigned")).status_code == 200
        door.later(4)
        assert (await browser.open("/inbox/unassigned")).status_code == 303


async def test_the_end_is_said_beforehand(door: FrontDoor) -> None:
    """Each page says until when one is signed in, and brings what its script says near the end."""
    browser = await door.signed_in()
    page = await browser.open("/inbox/unassigned")
    assert "Signed in until Wed 25 November 2026, 20:30" in page.text
    assert 'role="status"' in page.text
    assert "2026-11-25T19:30:00+00:00" in page.text
    assert "2026-11-25T09:45:00+00:00" in page.text


async def test_staying(door: FrontDoor) -> None:
    """One click prolongs a session that would be locked; asking alone does not, a forger cannot."""
    browser = await door.signed_in()
    await browser.open("/inbox/unassigned")
    token = browser.form("/logout")["csrf_token"]
    door.later(14)
    assert (await browser.post("/session", {}, x_csrf_token="0" * 64)).status_code == 403
    said = (await browser.post("/session", {}, x_csrf_token=token)).json()
    assert said["locks_at"] == "2026-11-25T09:59:00+00:00"
    assert said["clerk"] == "c-m.beispiel"
    door.later(14)
    assert (await browser.open("/inbox/unassigned")).status_code == 200


@pytest.mark.parametrize("minutes", [20, 11 * 60, 3 * 24 * 60])
async def test_what_was_typed_comes_back(door: FrontDoor, minutes: int) -> None:
    """Locked or over, since minutes or since Friday: what was typed comes back, and can be sent."""
    browser = await filling_in(door)
    door.later(minutes)
    refused = await browser.send(STEP, reason="at_capacity", remark=NASTY)
    assert refused.status_code == 403
    assert "What you entered is not lost" in refused.text
    assert "alert" not in refused.text
    assert "at_capacity" not in refused.text

    back = await browser.send("/login", name="m.beispiel", password=PASSWORD)
    assert back.status_code == 200
    assert NASTY not in back.text
    assert browser.form(STEP)["remark"] == NASTY
    done = await browser.send(STEP)
    assert done.status_code == 303, done.text
    assert door.desk.peek(CASE).status == "rejected"


async def test_it_comes_back_after_a_slip(door: FrontDoor) -> None:
    """A wrong password in between loses nothing."""
    browser = await filling_in(door)
    door.later(20)
    await browser.send(STEP, reason="at_capacity")
    await browser.send("/login", password="vertippt")
    await browser.send("/login", password=PASSWORD)
    assert browser.form(STEP)["reason"] == "at_capacity"


async def test_nobody_else_gets_it(door: FrontDoor) -> None:
    """Whoever else signs in at the locked browser sees nothing of what was typed."""
    door.account("j.muster", shown="Jo Muster")
    browser = await filling_in(door)
    door.later(20)
    await browser.send(STEP, reason="at_capacity")
    kept = browser.form("/login")[KEPT]
    await browser.send("/logout")
    await browser.open("/login")
    arrived = await browser.send("/login", name="j.muster", password=PASSWORD, kept=kept)
    assert arrived.status_code == 303


async def test_a_changed_one_is_not_taken(door: FrontDoor) -> None:
    """What travels sealed in the page cannot be made or changed by anybody."""
    browser = await filling_in(door)
    door.later(20)
    await browser.send(STEP, reason="at_capacity")
    kept = browser.form("/login")[KEPT]
    for forged in (kept[:-9] + "AAAA" + kept[-5:], "AAAA", "x" * 9999, "é"):
        other = door.browser()
        await other.open("/login")
        arrived = await other.send("/login", name="m.beispiel", password=PASSWORD, kept=forged)
        assert arrived.status_code == 303


async def test_a_password_is_not_kept(door: FrontDoor) -> None:
    """Passwords typed into a form that came too late are not kept anywhere."""
    browser = await door.signed_in()
    await browser.open("/password")
    door.later(20)
    refused = await browser.send("/password", present=PASSWORD, new="a", again="a")
    assert refused.status_code == 403
    assert browser.form("/login")[KEPT] == ""


async def test_signed_in_anew_in_another_tab(door: FrontDoor) -> None:
    """A form of before is not sent by itself after signing in anew, but by one more click."""
    browser = await filling_in(door)
    form = browser.form(STEP) | {"reason": "at_capacity"}
    await browser.send("/logout")
    assert (await browser.sign_in()).status_code == 303
    refused = await browser.post(STEP, form)
    assert refused.status_code == 403
    assert "signed in anew" in refused.text
    assert door.desk.peek(CASE).status == "requested"
    assert (await browser.send(STEP)).status_code == 303
    assert door.desk.peek(CASE).status == "rejected"


async def test_a_click_that_is_repeated(door: FrontDoor) -> None:
    """The same form sent twice, by a double click or by going back, is said once."""
    browser = await filling_in(door)
    form = browser.form(STEP) | {"reason": "at_capacity"}
    assert (await browser.post(STEP, form)).status_code == 303
    version = door.desk.peek(CASE).version
    again = await browser.post(STEP, form)
    assert again.status_code in (303, 409)
    assert door.desk.peek(CASE).version == version


async def test_sign_out(door: FrontDoor) -> None:
    """After signing out neither the cookie nor the page's form is of use, here or copied."""
    browser = await filling_in(door)
    form, copied = browser.form(STEP), dict(browser.client.cookies.items())
    left = await browser.send("/logout")
    assert left.headers["location"] == "/signed-out"
    assert browser.cookie("session") is None
    assert "You are signed out" in (await browser.open("/signed-out")).text
    assert (await browser.open("/inbox/unassigned")).status_code == 303
    thief = door.browser()
    thief.client.cookies.update(copied)
    assert (await thief.open("/inbox/unassigned")).status_code == 303
    assert (await thief.post(STEP, form)).status_code == 403
    assert [entry.what for entry in door.said()][-2:] == [What.SIGNED_IN, What.SIGNED_OUT]


@pytest.mark.parametrize("minutes", [20, 11 * 60])
async def test_sign_out_of_what_is_locked_or_over(door: FrontDoor, minutes: int) -> None:
    """The button works on a page that has stood open too long as well."""
    browser = await filling_in(door)
    door.later(minutes)
    left = await browser.send("/logout")
    assert left.headers["location"] == "/signed-out"
    assert browser.cookie("session") is None


async def test_sign_out_on_a_page_of_before(door: FrontDoor) -> None:
    """The button on a page of an earlier session does not end the one of now."""
    browser = await filling_in(door)
    form = browser.form("/logout")
    await browser.send("/logout")
    await browser.sign_in()
    refused = await browser.post("/logout", form)
    assert refused.status_code == 403
    assert "not up to date any more" in refused.text
    assert (await browser.open("/inbox/mine")).status_code == 200


async def test_nobody_signs_others_out(door: FrontDoor) -> None:
    """Signing out needs the session's token as well."""
    browser = await door.signed_in()
    assert (await browser.post("/logout", {})).status_code == 403
    assert (await browser.open("/inbox/unassigned")).status_code == 200


async def test_unlocking_is_recorded(door: FrontDoor) -> None:
    """Who comes back to a locked session gets a new one; the record tells it from a first one."""
    browser = await door.signed_in()
    before = browser.cookie("session")
    door.later(20)
    await browser.open("/login?next=/inbox/mine")
    arrived = await browser.send("/login", password=PASSWORD)
    assert arrived.headers["location"] == "/inbox/mine"
    assert browser.cookie("session") != before
    assert door.said()[-1].what is What.SIGNED_IN_AGAIN


async def test_the_name_cannot_be_changed_while_locked(door: FrontDoor) -> None:
    """A locked session is unlocked by whose it is; another name in the form counts for nothing."""
    door.account("j.muster", shown="Jo Muster")
    browser = await door.signed_in()
    door.later(20)
    await browser.open("/login")
    await browser.send("/login", name="j.muster", password=PASSWORD)
    page = await browser.open("/inbox/unassigned")
    assert "Mara Beispiel" in page.text


async def test_a_case_of_another_party(door: FrontDoor) -> None:
    """A case that is not on this desk is not there, whatever a form says."""
    browser = await filling_in(door)
    form = browser.form(STEP)
    for path in ("/cases/elsewhere-1", "/cases/elsewhere-1/steps/rejected"):
        assert (await browser.open(path)).status_code == 404
    assert (await browser.post("/cases/elsewhere-1/steps/rejected", form)).status_code == 404


async def test_no_secret_in_the_pages_or_the_log(
    door: FrontDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    """The session's id stands in its cookie only."""
    browser = await filling_in(door)
    page = await browser.open("/inbox/unassigned")
    session = browser.cookie("session")
    assert session
    assert session not in page.text
    await browser.post(STEP, {"csrf_token": "0"}, origin="https://evil.example")
    said = "".join(capsys.readouterr())
    assert session not in said
    assert re.search(r"R-1001|Mara", said) is None
