"""Who is answered at the board where there are accounts, and for how long."""

import re
from pathlib import Path
from typing import Final

import pytest
from pydantic import ValidationError
from starlette.routing import BaseRoute, Route

from connectors.errors import Later
from hub import letters
from hub.access.roles import Right, Role, may
from hub.access.sessions import Session
from hub.board.addresses import ADDRESSES, with_beside
from hub.entry.addresses import Addresses, NotInTheTable
from hub.monitor.options import Options
from tests.support.board import District
from tests.support.letters_desk import BoardDoor

LETTER: Final = "/dead/letters/referrals.dead/0/0"
OPEN: Final = ("/", "/dead", "/states", "/states/STALL", "/metrics", "/healthz", "/snapshot")
NAMES: Final = {Role.OPERATOR: "o.betrieb", Role.AUDITOR: "r.revision", Role.CLERK: "m.beispiel"}
EXPECTED: Final = {
    ("GET", LETTER): "operator auditor",
    ("POST", LETTER): "operator",
    ("POST", f"{LETTER}/cover"): "operator",
    ("GET", f"{LETTER}/replay"): "operator",
    ("POST", f"{LETTER}/replay"): "operator",
    ("GET", f"{LETTER}/discard"): "operator",
    ("POST", f"{LETTER}/discard"): "operator",
    ("GET", "/dead/000000000000/replay"): "operator",
    ("POST", "/dead/000000000000/discard"): "operator",
    ("GET", "/dead/runs/0123456789abcdef"): "operator auditor",
    ("POST", "/dead/runs/0123456789abcdef"): "operator",
    ("GET", "/record"): "auditor",
}
"""Who may what, written out by hand."""


@pytest.mark.parametrize("address", OPEN)
async def test_what_only_shows_is_open(door: BoardDoor, address: str) -> None:
    """Numbers and causes are shown to whoever reaches them, as without accounts."""
    assert (await door.browser().open(address)).status_code == 200


@pytest.mark.parametrize("role", NAMES, ids=str)
async def test_each_role_at_each_address(door: BoardDoor, role: Role) -> None:
    """Whoever may not is told so, and nothing is done."""
    browser = await door.signed_in(NAMES[role])
    await browser.open("/dead")
    token = browser.form("/logout")["csrf_token"]
    for (method, address), roles in EXPECTED.items():
        said = {"csrf_token": token}
        answer = await (browser.open(address) if method == "GET" else browser.post(address, said))
        may = role in roles.split()
        assert (answer.status_code == 403) is not may, f"{method} {address}"
        assert answer.status_code < 500
    assert door.desk.journal == []


async def test_nobody_works_the_desk_unknown(door: BoardDoor) -> None:
    """Who has not signed in is led there; a form of theirs does nothing."""
    browser = door.browser()
    for method, address in EXPECTED:
        if method == "GET":
            led = await browser.open(address)
            assert (led.status_code, led.headers["location"][:6]) == (303, "/login"), address
        else:
            assert (await browser.post(address, {"reason": "weil"})).status_code == 403
    assert door.desk.journal == []


async def test_a_form_without_its_token_does_nothing(door: BoardDoor) -> None:
    """Nor one that another site sends in the name of who is signed in."""
    browser = await door.signed_in("o.betrieb")
    bare = await browser.post(LETTER, {"reason": "Absender fragt"})
    await browser.open(LETTER)
    fields = browser.form(LETTER) | {"reason": "Absender fragt"}
    foreign = await browser.post(LETTER, fields, origin="https://elsewhere.example")

    assert (bare.status_code, foreign.status_code) == (403, 403)
    assert door.desk.journal == []


def test_every_address_is_in_the_table(door: BoardDoor) -> None:
    """The table has the addresses there are, and no other; what is beside has its own rules."""
    served = {route.name for route in door.app.routes if isinstance(route, Route)}
    beside = {"metrics", "healthz", "readyz", "version", "snapshot"}
    forgotten: list[BaseRoute] = [Route("/export", lambda _: None, name="export")]

    assert served - beside == set(ADDRESSES)
    with pytest.raises(NotInTheTable, match="export"):
        Addresses(forgotten, with_beside(()))


async def test_the_board_is_there_when_the_accounts_are_not(
    door: BoardDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is away takes nobody the sight of what is wrong."""
    browser = await door.signed_in("o.betrieb")

    def away(_self: object, _digest: str) -> Session | None:
        raise Later(5, "the database is away")

    monkeypatch.setattr(type(door.kept.sessions), "get", away)
    board, letter = await browser.open("/"), await browser.open(LETTER)

    assert (board.status_code, letter.status_code) == (200, 503)


async def test_a_wall_screen_keeps_nobody_signed_in(door: BoardDoor) -> None:
    """The page that is shown anew by itself is no sign that somebody is there."""
    browser = await door.signed_in("o.betrieb")
    for _ in range(4):
        door.later(4)
        assert (await browser.open("/")).status_code == 200

    assert (await browser.open(LETTER)).headers["location"].startswith("/login")


async def test_the_board_has_one_name(door: BoardDoor) -> None:
    """With accounts nothing but metrics and health is answered under a strange name."""
    strange = door.browser(host="rebound.example:8094")

    assert (await strange.open("/")).status_code == 421
    assert (await strange.open("/metrics")).status_code == 200


async def test_without_accounts_there_is_no_desk(door: BoardDoor) -> None:
    """The board is as it always was: nobody signs in, and no letter has a page."""
    district = District()
    district.polled()
    app = district.app(desk=door.desk)
    names = {route.name for route in app.routes if isinstance(route, Route)}

    assert not names & {"login", "letter", "replay", "discard", "run"}


@pytest.mark.parametrize(
    ("accounts", "says"),
    [
        ({"database": "mysql://operators"}, "give sqlite:///FILE or postgresql://"),
        ({"database": "sqlite:///o.sqlite"}, "set accounts.public_url to the https://"),
        ({"database": "sqlite:///o.sqlite", "public_url": "http://127.0.0.1"}, "set accounts.pub"),
    ],
)
def test_letters_never_travel_unencrypted(accounts: dict[str, str], says: str) -> None:
    """Whoever lets operators sign in from elsewhere has a proxy with TLS in front."""
    outside = {"host": "0.0.0.0", "allow_public": True}  # noqa: S104 - that is what is refused
    with pytest.raises(ValidationError, match=re.escape(says)):
        Options.model_validate(outside | {"accounts": accounts})
    safe = accounts | {"database": "sqlite:///o.sqlite", "public_url": "https://board.example"}
    assert Options.model_validate(outside | {"accounts": safe}).accounts.database


@pytest.mark.parametrize("role", Role)
def test_the_table_in_the_readme(role: Role) -> None:
    """Each role has at the board what its row says; who has none has nothing there."""
    readme = (Path(letters.__file__).parent / "README.md").read_text("utf-8")
    rows = re.findall(rf"^\| `{role}` \| yes \|(.*)\|$", readme, re.MULTILINE)
    said = [cell.strip() == "yes" for row in rows for cell in row.split("|")]
    rights = [may(role, right) for right in (Right.LETTERS, Right.DESK, Right.RECORD)]

    assert said == rights if any(rights[:2]) else said == []


async def test_the_auditor_reads_who_came_in(door: BoardDoor) -> None:
    """Sign-ins at the board stand in a record of its own."""
    await door.signed_in("o.betrieb")
    auditor = await door.signed_in("r.revision")
    page = await auditor.open("/record")

    assert page.text.count("signed in") >= 2
    assert "Olga Betrieb" in page.text
