"""Who is answered where: each role at each address, written out by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import pytest
from starlette.routing import BaseRoute, Route

from hub.access.roles import Role
from hub.entry.addresses import Addresses, NotInTheTable
from hub.web.addresses import ADDRESSES
from tests.support.accounts import PASSWORD
from tests.support.front_door import FrontDoor

CASE: Final = "R-1001"
EVERYBODY: Final = "clerk lead auditor"
SIGNED_IN: Final = "clerk lead auditor operator"
WORKS: Final = "clerk lead"
EXPECTED: Final[Mapping[str, str]] = {
    "start": EVERYBODY,
    "inbox": EVERYBODY,
    "news": EVERYBODY,
    "case": EVERYBODY,
    "claims": WORKS,
    "claim": WORKS,
    "release": WORKS,
    "step": WORKS,
    "say": WORKS,
    "entered": WORKS,
    "continued": WORKS,
    "say-continued": WORKS,
    "new-referral": WORKS,
    "send-referral": WORKS,
    "new-offer": WORKS,
    "publish-offer": WORKS,
    "figures": "lead",
    "help": "anybody",
    "accessibility": "anybody",
    "language": "anybody",
    "healthz": "anybody",
    "static": "anybody",
    "login": "anybody",
    "sign-in": "anybody",
    "ask-provider": "anybody",
    "provider-return": "anybody",
    "sign-out": "anybody",
    "signed-out": "anybody",
    "password": SIGNED_IN,
    "change-password": SIGNED_IN,
    "session": SIGNED_IN,
    "stay": SIGNED_IN,
    "record": "auditor",
    "audit": "auditor",
}
MAY_NOT: Final = "Your account may not do this"


def routes(door: FrontDoor) -> Iterator[tuple[str, str, str]]:
    """Each address with its name and a method."""
    for route in door.app.routes:
        assert isinstance(route, Route)
        path = route.path.format(
            case=CASE, step="accepted", view="unassigned", language="en", name="pages.css"
        )
        for method in (route.methods or set()) - {"HEAD"}:
            yield route.name, method, path


def test_every_address_is_written_out(door: FrontDoor) -> None:
    """The table here, the one of the pages and the pages themselves have the same addresses."""
    assert {name for name, _, _ in routes(door)} == set(EXPECTED) == set(ADDRESSES)


def test_an_address_that_nobody_thought_of() -> None:
    """An address of which nobody has said who may use it is not served at all."""
    forgotten: list[BaseRoute] = [Route("/export", lambda _: None, name="export")]
    with pytest.raises(NotInTheTable, match="export"):
        Addresses(forgotten, ADDRESSES)


@pytest.mark.parametrize("role", [*Role, None], ids=str)
async def test_each_role_at_each_address(door: FrontDoor, role: Role | None) -> None:
    """Whoever may not be answered is told so, whoever is not signed in is led to the sign-in."""
    browser = door.browser()
    token = ""
    if role is not None:
        door.account("somebody", role)
        assert (await browser.sign_in("somebody")).status_code == 303
        await browser.open("/help")
        token = browser.form("/logout")["csrf_token"]
    for name, method, path in routes(door):
        if name in ("sign-out", "sign-in", "ask-provider"):
            continue  # these end or begin a session: test_sign_in has them
        fields = {"csrf_token": token}
        answer = await (browser.open(path) if method == "GET" else browser.post(path, fields))
        may = EXPECTED[name] == "anybody" or (role is not None and role in EXPECTED[name].split())
        led = answer.status_code == 303 and answer.headers["location"].startswith("/login")
        asked = answer.status_code == 403 and 'action="/login"' in answer.text
        refused = answer.status_code == 403 and MAY_NOT in answer.text
        if role is None:
            polled = name in ("news", "session") and method == "GET"
            assert may or led or asked or (polled and answer.status_code == 403), name
        else:
            assert refused is not may, f"{role} at {name}: {answer.status_code}"
            assert not led, name
            assert answer.status_code < 500, name


async def test_an_auditor_sees_the_trail_and_no_content(door: FrontDoor) -> None:
    """The auditor's page of a case has what happened, and nothing of its content; a clerk's has."""
    door.account("pruefung", Role.AUDITOR, shown="Rolf Revision")
    clerk, auditor = await door.signed_in(), await door.signed_in("pruefung")
    full = await clerk.open(f"/cases/{CASE}")
    trail = await auditor.open(f"/cases/{CASE}")
    content = door.desk.open(CASE, "c-test", door.now).content
    client = getattr(content, "client", None)
    assert client
    for said in (client.family_name, client.given_names, client.client_id):
        assert said in full.text
        assert said not in trail.text
    assert "Mara Beispiel" in trail.text


async def test_only_a_lead_releases_what_others_have(door: FrontDoor) -> None:
    """A clerk cannot take a case from another; a lead can."""
    door.account("j.muster", shown="Jo Muster")
    door.account("leitung", Role.LEAD, shown="Lena Leitung")
    mara = await door.signed_in()
    await mara.open(f"/cases/{CASE}")
    await mara.send(f"/cases/{CASE}/claim")
    await mara.open(f"/cases/{CASE}")
    release = f"/cases/{CASE}/release"
    fields = mara.form(release)
    for name, status in (("j.muster", 409), ("leitung", 303)):
        browser = await door.signed_in(name)
        await browser.open("/help")
        token = browser.form("/logout")["csrf_token"]
        assert (await browser.post(release, fields | {"csrf_token": token})).status_code == status


async def test_a_role_counts_from_the_next_click(door: FrontDoor) -> None:
    """Who loses a role loses it at once, not at the next sign-in."""
    account = door.account("wechsel", Role.LEAD)
    browser = await door.signed_in("wechsel")
    assert (await browser.open("/referrals/new")).status_code == 200
    auditor = replace(account, clerk=replace(account.clerk, role=Role.AUDITOR))
    door.kept.accounts.change(auditor, None)
    assert (await browser.open("/referrals/new")).status_code == 403
    assert (await browser.open("/record")).status_code == 200
    door.kept.accounts.remove(account.clerk.id, "operator", door.now)
    assert (await browser.open("/record")).status_code == 303
    assert (await door.browser().sign_in("wechsel", PASSWORD)).status_code == 422
