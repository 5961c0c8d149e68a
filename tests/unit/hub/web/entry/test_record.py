"""The auditor reads who came in; there is nothing in it that says more."""

from hub.access.record import Entry, What
from hub.access.roles import Role
from tests.support.accounts import PASSWORD
from tests.support.front_door import FrontDoor


async def test_who_came_in(door: FrontDoor) -> None:
    """Sign-ins, failures and sign-outs stand there with the account's name, newest first."""
    door.account("pruefung", Role.AUDITOR, shown="Rolf Revision")
    await door.browser().sign_in("m.beispiel", "geraten")
    await door.browser().sign_in("niemand@example", "geraten")
    browser = await door.signed_in()
    await browser.open("/help")
    await browser.send("/logout")
    auditor = await door.signed_in("pruefung")
    page = await auditor.open("/record")
    for says in ("signed in", "signed out", "sign-in failed", "account added", "Mara Beispiel"):
        assert says in page.text
    for never in ("niemand", "geraten", PASSWORD, "192.0.2.7", "m.beispiel"):
        assert never not in page.text
    assert page.text.index("signed out") < page.text.index("sign-in failed")


async def test_in_pages(door: FrontDoor) -> None:
    """A long record is read in pages, and nonsense in the address is refused."""
    door.account("pruefung", Role.AUDITOR)
    for number in range(150):
        door.kept.record.add(Entry(door.now, What.FAILED, None, detail=f"nr-{number}."))
    auditor = await door.signed_in("pruefung")
    page = await auditor.open("/record")
    assert "nr-149." in page.text
    assert "nr-30." not in page.text
    older = page.text.partition('href="/record?before=')[2].partition('"')[0]
    page = await auditor.open(f"/record?before={older}")
    assert "nr-30." in page.text
    assert "Older entries" not in page.text
    for nonsense in ("x", "-1", "9" * 40, "1.5", "²"):
        assert (await auditor.open(f"/record?before={nonsense}")).status_code == 400
