"""Who comes in, and who opens a case, stands in the audit first; or they do not come in."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.access.record import What
from hub.access.roles import Role
from hub.audit.accounts import DID
from hub.audit.act import Act, Did
from hub.audit.chain import Row, verify
from hub.audit.keeping import CODE, Wanted
from hub.auditing import opened
from hub.stores.audit.sql_audit import SqlAudit
from hub.stores.audit.upgrade import upgrade
from tests.support.accounts import PASSWORD
from tests.support.district import KFB
from tests.support.front_door import FrontDoor, front_door


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[SqlAudit]:
    """The audit of the office."""
    url = f"sqlite:///{tmp_path / 'audit.sqlite'}"
    upgrade(url)
    with closing(opened(url)) as made:
        yield made


@pytest.fixture
def audited(tmp_path: Path, audit: SqlAudit) -> Iterator[FrontDoor]:
    """An office that keeps an audit."""
    with front_door(tmp_path, audit=audit) as made:
        yield made


@pytest.fixture
def unheard(tmp_path: Path) -> Iterator[FrontDoor]:
    """An office whose audit cannot be written any more."""
    url = f"sqlite:///{tmp_path / 'audit.sqlite'}"
    with front_door(tmp_path):
        pass  # Mara Beispiel's account is made while nobody asks
    with closing(opened(url)) as away, front_door(tmp_path, audit=away) as made:
        yield made


def said(audit: SqlAudit) -> list[Row]:
    """What stands there, oldest first; the chain holds."""
    with audit.all() as rows:
        kept = list(rows)
    assert verify(kept).broken is None
    return kept


def acts(audit: SqlAudit) -> list[tuple[str, ...]]:
    """Who did what as what, about what."""
    return [(row.who, row.role, row.did, row.about, row.reason) for row in said(audit)]


async def test_opening_a_case(audited: FrontDoor, audit: SqlAudit) -> None:
    """Who opens a case stands there with role and party, each time; a list is no opening."""
    mara = audited.kept.accounts.find("m.beispiel")
    assert mara
    browser = await audited.signed_in()
    before = len(said(audit))
    for path in ("/cases/R-1001", "/inbox/unassigned", "/cases/R-1001"):
        assert (await browser.open(path)).status_code == 200

    opened = said(audit)[before:]
    assert [(row.who, row.role, row.party) for row in opened] == [
        (mara.clerk.id, "clerk", "kfb"),
        (mara.clerk.id, "clerk", "kfb"),
    ]
    assert {(row.did, row.about) for row in opened} == {("case-opened", "R-1001")}


async def test_a_case_that_is_not_there(audited: FrontDoor, audit: SqlAudit) -> None:
    """What somebody types into the address does not stand there: it could be a name."""
    browser = await audited.signed_in()
    before = len(said(audit))

    assert (await browser.open("/cases/Erika-Mustermann")).status_code == 404
    assert said(audit)[before:] == []


async def test_an_auditor_opens_no_case(audited: FrontDoor, audit: SqlAudit) -> None:
    """Who sees what happened without the content has not opened the case."""
    audited.account("pruefung", Role.AUDITOR)
    browser = await audited.signed_in("pruefung")
    before = len(said(audit))

    assert (await browser.open("/cases/R-1001")).status_code == 200
    assert said(audit)[before:] == []


async def test_coming_in(audited: FrontDoor, audit: SqlAudit) -> None:
    """Sign-ins and failures stand there, without what was typed; of a failure nobody is named."""
    mara = audited.kept.accounts.find("m.beispiel")
    assert mara
    await audited.browser().sign_in("m.beispiel", "geraten")
    await audited.browser().sign_in("niemand@example", "geraten")
    browser = await audited.signed_in()
    await browser.open("/help")
    await browser.send("/logout")

    assert acts(audit) == [
        ("o.beispiel@here", "operator", "account-added", mara.clerk.id, "clerk"),
        ("", "", "sign-in-failed", mara.clerk.id, "password"),
        ("", "", "sign-in-failed", "", "name"),
        (mara.clerk.id, "clerk", "signed-in", mara.clerk.id, ""),
    ]
    for never in ("niemand", "geraten", PASSWORD, "Mara Beispiel"):
        assert never not in str(said(audit))


async def test_nobody_comes_in_unheard(unheard: FrontDoor) -> None:
    """Who cannot be written down does not come in, and is told a code; no session is left."""
    browser = unheard.browser()
    answer = await browser.sign_in()

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert CODE in answer.text
    assert (await browser.open("/")).status_code == 303
    assert What.SIGNED_IN not in [entry.what for entry in unheard.said()]


async def test_no_case_is_opened_unheard(
    audited: FrontDoor, audit: SqlAudit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A clerk who has come in sees no case while it cannot be written down, and then does again."""
    browser = await audited.signed_in()
    with (
        closing(opened(f"sqlite:///{tmp_path / 'none.sqlite'}")) as away,
        monkeypatch.context() as m,
    ):
        m.setattr(audit, "record", away.record)
        closed = await browser.open("/cases/R-1001")
    moments = [moment.what for moment in audited.desk.history("R-1001")]

    assert closed.status_code == 503
    assert CODE in closed.text
    assert "Beispiel" not in closed.text.partition("<main")[2]
    assert "opened" not in moments
    assert (await browser.open("/cases/R-1001")).status_code == 200


def test_signing_out_is_never_refused() -> None:
    """Every line of the record has its act, but for signing out: nobody is kept from that."""
    assert set(What) - DID.keys() == {What.SIGNED_OUT}


def test_rows_of_a_party_are_found(audit: SqlAudit, audited: FrontDoor) -> None:
    """An office writes under its party."""
    assert audited.kept.accounts.all()
    assert {row.party for row in audit.latest(Wanted(), most=10)} == {"kfb"}


async def test_the_auditor_reads_it(audited: FrontDoor, audit: SqlAudit) -> None:
    """In words and with colleagues' names, newest first, with the head to note; of this party."""
    audited.account("pruefung", Role.AUDITOR, shown="Rolf Revision")
    elsewhere = Act("clerk-x", "clerk", Did.CASE_OPENED, "R-7777", "06432005")
    browser = await audited.signed_in()
    await browser.open("/cases/R-1001")
    audit.record(elsewhere)
    auditor = await audited.signed_in("pruefung")
    page = await auditor.open("/audit")

    assert str(audit.head()) in page.text
    table = page.text.partition("<tbody>")[2]
    for says in ("case opened", "signed in", "account added", "Mara Beispiel", "o.beispiel@here"):
        assert says in table
    assert 'href="/cases/R-1001"' in table
    assert "R-7777" not in page.text
    assert table.index("case opened") < table.index("account added")
    assert 'href="/audit"' in page.text
    assert (await browser.open("/audit")).status_code == 403


async def test_in_pages(audited: FrontDoor, audit: SqlAudit) -> None:
    """A long audit is read in pages, and nonsense in the address is refused."""
    audited.account("pruefung", Role.AUDITOR)
    opened_often = (Act("c", "clerk", Did.CASE_OPENED, f"R-{n}.", KFB) for n in range(150))
    audit.record(*opened_often)
    auditor = await audited.signed_in("pruefung")
    page = await auditor.open("/audit")
    assert "R-149." in page.text
    assert "R-30." not in page.text
    older = page.text.partition('href="/audit?before=')[2].partition('"')[0]
    page = await auditor.open(f"/audit?before={older}")
    assert "R-30." in page.text
    assert "Older entries" not in page.text
    for nonsense in ("x", "-1", "9" * 40, "1.5", "²"):
        assert (await auditor.open(f"/audit?before={nonsense}")).status_code == 400


async def test_a_damaged_row_is_shown_as_it_is(audited: FrontDoor, tmp_path: Path) -> None:
    """A time or a code that somebody has put there keeps no auditor from the rest."""
    audited.account("pruefung", Role.AUDITOR)
    with closing(sqlite3.connect(tmp_path / "audit.sqlite")) as owner, owner:
        owner.execute("DROP TRIGGER audit_is_kept")
        owner.execute("UPDATE audit SET at = 'gestern', did = 'nothing-known' WHERE number = 1")
    page = await (await audited.signed_in("pruefung")).open("/audit")

    assert page.status_code == 200
    assert "gestern" in page.text
    assert "nothing-known" in page.text


async def test_where_none_is_kept_there_is_no_page(tmp_path: Path) -> None:
    """An office without an audit has neither the page nor a link to it."""
    with front_door(tmp_path) as door:
        door.account("pruefung", Role.AUDITOR)
        auditor = await door.signed_in("pruefung")
        assert "/audit" not in (await auditor.open("/record")).text
        assert (await auditor.open("/audit")).status_code == 404
