"""The desk of dead letters at the board: covered, uncovered, sent again, put aside."""

from html import escape, unescape
from typing import Final

import pytest

from hub.board.choice import mark
from hub.board.uncovered import FOR
from hub.letters.desk import Failure
from hub.letters.journal import Act
from hub.letters.shelf import Status
from hub.pages.headers import ALWAYS
from tests.support.front_door import Browser
from tests.support.letters_desk import CLIENT, HOSTILE, NAME, BoardDoor, held
from tests.support.page import Page

LATE: Final = "/dead/letters/referrals.dead/0/0"
BAD: Final = "/dead/letters/referrals.dead/0/4"
WHY: Final = "Absender fragt nach"
OLGA: Final = "Olga Betrieb (c-o.betrieb)"


@pytest.fixture
async def olga(door: BoardDoor) -> Browser:
    """An operator."""
    return await door.signed_in("o.betrieb")


def cause(door: BoardDoor, code: str) -> str:
    """Where the letters of a cause stand."""
    found = next(one for one in held(door.desk).causes if code in one.codes)
    return f"/dead/{mark(found)}"


async def planned(door: BoardDoor, browser: Browser, **changes: str) -> str:
    """Open the dry run of those that came too late, and send its form; where it leads."""
    address = f"{cause(door, 'too-late')}/replay"
    await browser.open(address)
    answer = await browser.send(address, **{"reason": WHY, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


@pytest.mark.parametrize("address", [LATE, BAD])
async def test_a_letter_is_covered(olga: Browser, address: str) -> None:
    """Where it came from and why it died is shown, and nothing of what stood in it."""
    page = await olga.open(address)

    assert page.status_code == 200
    assert "Eppertshausen" in page.text
    assert "Covered: names of fields" in page.text
    assert not [one for one in (CLIENT, NAME, "alert") if one in page.text]


async def test_nothing_is_uncovered_without_a_reason(door: BoardDoor, olga: Browser) -> None:
    """The page says what is missing, shows nothing and writes nothing down."""
    for typed in ("", "  ", "ja", "x" * 301):
        await olga.open(LATE)
        page = await olga.send(LATE, reason=typed)
        assert page.status_code == 422
        assert CLIENT not in page.text
    assert door.desk.journal == []


async def test_it_is_written_down_before_it_is_shown(door: BoardDoor, olga: Browser) -> None:
    """Who, when and why; then the content, whatever it is made of, is text and nothing else."""
    await olga.open(BAD)
    led = await olga.send(BAD, reason=WHY)
    before = list(door.desk.journal)
    page = await olga.open(BAD)

    assert (led.status_code, led.headers["location"]) == (303, BAD)
    assert NAME not in led.text
    assert [(one.act, one.letter, one.by, one.reason) for one in before] == [
        (Act.REVEALED, "referrals.dead/0/4", OLGA, WHY)
    ]
    assert HOSTILE not in page.text
    assert escape(HOSTILE, quote=False) in page.text.replace("&#39;", "'")
    assert [tag for tag, _ in Page(page.text).tags if tag == "script"] == ["script"]
    assert f"{OLGA}: {WHY}" in unescape(page.text)


async def test_where_it_cannot_be_written_down_nothing_is_shown(
    door: BoardDoor, olga: Browser
) -> None:
    """Kafka is away: a page says so, and the content stays covered."""
    await olga.open(LATE)
    form = olga.form(LATE) | {"reason": WHY}
    door.desk.away = True
    refused = await olga.post(LATE, form)
    door.desk.away = False
    page = await olga.open(LATE)

    assert refused.status_code == 503
    assert "Kafka does not answer right now" in refused.text
    assert CLIENT not in refused.text + page.text


async def test_only_who_said_why_sees_it(door: BoardDoor, olga: Browser) -> None:
    """Not another operator, nor the same one elsewhere, after minutes, or once it is covered."""
    other, elsewhere = await door.signed_in("z.weite"), await door.signed_in("o.betrieb")
    await olga.open(LATE)
    await olga.send(LATE, reason=WHY)
    seen = await olga.open(LATE)
    covered = [await one.open(LATE) for one in (other, elsewhere)]
    door.later(FOR.total_seconds() / 60)
    later = await olga.open(LATE)
    await olga.send(LATE, reason=WHY)
    again = await olga.open(LATE)
    await olga.send(f"{LATE}/cover")
    put_away = await olga.open(LATE)

    assert [CLIENT in one.text for one in (seen, again)] == [True, True]
    assert [CLIENT in one.text for one in (*covered, later, put_away)] == [False] * 4
    assert len(door.desk.journal) == 2


async def test_an_auditor_sees_what_was_done_and_no_content(door: BoardDoor, olga: Browser) -> None:
    """The journal of a letter is theirs to read; there is nothing to press."""
    await olga.open(LATE)
    await olga.send(LATE, reason=WHY)
    page = await (await door.signed_in("r.revision")).open(LATE)

    assert f"{OLGA}: {WHY}" in unescape(page.text)
    assert CLIENT not in page.text
    assert {form.action for form in Page(page.text).forms} == {"/logout"}


async def test_a_replay_is_dry_first(door: BoardDoor, olga: Browser) -> None:
    """What would be sent, what would be refused again and what waits; nothing begins by looking."""
    late = Page((await olga.open(f"{cause(door, 'too-late')}/replay")).text)
    bad = Page((await olga.open(f"{BAD}/replay")).text)
    second = Page((await olga.open("/dead/letters/referrals.dead/0/3/replay")).text)

    assert "4 of 4 would be sent Nothing was sent yet." in late.text
    assert "0 of 1 would be sent" in bad.text
    assert "would be refused again" in bad.text
    assert "waits for an earlier letter of its case" in second.text
    assert "referrals.dead/0/0" in second.text
    assert [form.action for page in (bad, second) for form in page.forms] == ["/logout"] * 2
    assert door.desk.running() is None


async def test_a_replay_goes_on_behind_its_page(door: BoardDoor, olga: Browser) -> None:
    """With the reason and the name; how far it is is shown anew until it is over."""
    where = await planned(door, olga, per_second="7")
    run = door.desk.running()
    assert run
    begun = await olga.open(where)
    door.desk.judge(run, 2)
    door.desk.judge(run, 1, Act.REFUSED)
    half = await olga.open(where)
    still = await olga.open(f"{where}?still=1")
    door.desk.end(run)
    over = await olga.open(where)

    assert (run.ask.who, run.ask.reason, door.desk.pace) == (OLGA, WHY, 7)
    refreshed = [one.headers.get("refresh") for one in (begun, half, still, over)]
    assert refreshed == ["2", "2", None, None]
    assert "0 of 4" in Page(begun.text).text
    assert "Judged 3 of 4 Taken 2 Refused again 1 Not sent 0" in Page(half.text).text
    assert "over" in Page(over.text).text
    assert "stopped before it was sent" in Page(over.text).text
    assert "sent again and refused again" in Page(over.text).text


async def test_a_form_sent_twice_counts_once(door: BoardDoor, olga: Browser) -> None:
    """Also when the first is over already, and nothing is left as it was shown."""
    address = f"{cause(door, 'too-late')}/replay"
    await olga.open(address)
    form = olga.form(address) | {"reason": WHY}
    first, second = [await olga.post(address, form) for _ in range(2)]
    run = door.desk.running()
    assert run
    door.desk.judge(run, 4)
    door.desk.end(run)
    third = await olga.post(address, form)

    assert len({one.headers["location"] for one in (first, second, third)}) == 1
    assert door.desk.running() is None


async def test_a_second_operator_is_told_who_is_at_it(door: BoardDoor, olga: Browser) -> None:
    """Before they ask, and when they were about to; on every page of dead letters."""
    zoe = await door.signed_in("z.weite")
    address = f"{cause(door, 'too-late')}/replay"
    await zoe.open(address)
    form = zoe.form(address) | {"reason": WHY}
    where = await planned(door, olga)
    refused = await zoe.post(address, form)
    pages = [await zoe.open(one) for one in (address, "/dead", cause(door, "too-late"))]
    aside = f"{cause(door, 'too-late')}/discard"
    await zoe.open(aside)
    discarded = await zoe.send(aside, reason=WHY)
    stopped = await zoe.open(where)
    await zoe.send(where)
    run = door.desk.running()

    assert (refused.status_code, discarded.status_code) == (409, 409)
    for page in (refused, *pages, discarded):
        assert f"{OLGA} has been sending letters again since" in unescape(page.text)
        assert where in page.text
    assert stopped.status_code == 200
    assert run
    assert run.stop.is_set()
    assert "is being stopped" in (await zoe.open(where)).text
    assert door.desk.journal == []


async def test_what_has_changed_is_shown_once_more(door: BoardDoor, olga: Browser) -> None:
    """Nothing is done with other letters than those that were shown."""
    replay, discard = (f"{cause(door, 'too-late')}/{does}" for does in ("replay", "discard"))
    forms = {}
    for address in (replay, discard):
        await olga.open(address)
        forms[address] = olga.form(address) | {"reason": WHY}
    door.desk.note(Act.DISCARDED, ["referrals.dead/0/1"], "b.betrieb@leitstand", "neu gesendet")
    answers = [await olga.post(address, form) for address, form in forms.items()]

    assert [one.status_code for one in answers] == [409, 409]
    assert all("something has changed since this was shown" in one.text for one in answers)
    assert door.desk.running() is None
    assert len(door.desk.journal) == 1


@pytest.mark.parametrize("pace", ["0", "1001", "-1", "", "viel", "1.5"])
async def test_the_pace_has_bounds(door: BoardDoor, olga: Browser, pace: str) -> None:
    """From one to a thousand in a second; what was typed stands there still."""
    address = f"{cause(door, 'too-late')}/replay"
    await olga.open(address)
    page = await olga.send(address, reason=WHY, per_second=pace)

    assert page.status_code == 422
    assert olga.form(address)["reason"] == WHY
    assert door.desk.running() is None


async def test_letters_are_put_aside(door: BoardDoor, olga: Browser) -> None:
    """Those of a cause, or one; with name and reason, once, and told where one goes on."""
    await olga.open(f"{BAD}/discard")
    one = await olga.send(f"{BAD}/discard", reason="unlesbar")
    letter = await olga.open(str(one.headers["location"]))
    address = f"{cause(door, 'too-late')}/discard"
    await olga.open(address)
    form = olga.form(address) | {"reason": WHY}
    many = await olga.post(address, form)
    again = await olga.post(address, form)
    page = await olga.open(str(many.headers["location"]))
    entries = [(one.act, one.by, one.reason) for one in door.desk.journal]

    assert (one.status_code, many.status_code, again.status_code) == (303, 303, 409)
    assert "1 letter was put aside" in letter.text
    assert "4 letters were put aside" in page.text
    assert entries == [
        (Act.DISCARDED, OLGA, "unlesbar"),
        *[(Act.DISCARDED, OLGA, WHY)] * 4,
    ]
    assert {one.status for one in door.desk.letters()} == {Status.DISCARDED}


@pytest.mark.parametrize("failure", Failure)
async def test_a_run_that_failed_says_why(door: BoardDoor, olga: Browser, failure: Failure) -> None:
    """And that it can be begun anew."""
    where = await planned(door, olga)
    run = door.desk.running()
    assert run
    run.failed, run.ended_at = failure, door.desk.today
    page = await olga.open(where)

    assert "ended early" in page.text
    assert "what was delivered is not delivered twice" in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/dead/letters/referrals.dead/0/99",
        "/dead/letters/referrals.dead/0/99/replay",
        "/dead/letters/referrals.dead/x/0",
        "/dead/letters/referrals/0/0",
        "/dead/000000000000/replay",
        "/dead/000000000000/discard",
        "/dead/runs/0123456789abcdef",
    ],
)
async def test_what_is_not_there(olga: Browser, address: str) -> None:
    """A letter, cause or run that nobody knows is a page that says so."""
    assert (await olga.open(address)).status_code == 404


async def test_a_form_of_nobodys_is_not_read(door: BoardDoor, olga: Browser) -> None:
    """A mark that is none of ours begins nothing."""
    address = f"{cause(door, 'too-late')}/replay"
    await olga.open(address)
    page = await olga.send(address, reason=WHY, form="../../etc")

    assert page.status_code == 400
    assert door.desk.running() is None


async def test_every_page_of_the_desk_is_guarded(door: BoardDoor, olga: Browser) -> None:
    """Strict headers, kept nowhere; no style, handler or script of a page's own."""
    where = await planned(door, olga)
    for address in (LATE, f"{LATE}/replay", f"{LATE}/discard", where, "/password"):
        answer = await olga.open(address)
        assert {name: answer.headers.get(name) for name in ALWAYS} == dict(ALWAYS)
        assert answer.headers["cache-control"] == "no-store"
        for tag, attributes in Page(answer.text).tags:
            assert tag != "style"
            assert tag != "script" or (attributes.get("src") or "").startswith("/static/")
            assert not [name for name in attributes if name == "style" or name.startswith("on")]


async def test_the_causes_lead_to_the_desk(door: BoardDoor) -> None:
    """Who has not signed in sees them too, and where each leads; there are no commands."""
    page = Page((await door.browser().open(cause(door, "too-late"))).text)

    assert page.links["Send them again"] == f"{cause(door, 'too-late')}/replay"
    assert page.links["referrals.dead/0/0"] == LATE
    assert page.links["Sign in"].startswith("/login?next=")
    assert "hub dead" not in page.text
    assert page.forms == []
