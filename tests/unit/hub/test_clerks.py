"""Whoever runs the hub makes, changes and takes away accounts; what cannot be is refused."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes

import pytest

from hub.access.keeping import Kept
from hub.access.passwords import weaknesses
from hub.access.pauses import PER_NAME, name_key
from hub.access.record import What
from hub.access.roles import Role
from hub.access.sessions import Session
from hub.clerks import Clerks, WeakPassword
from hub.errors import HubError, UsageError
from hub.stores.accounts.opening import opened
from hub.stores.accounts.upgrade import upgrade
from tests.support.accounts import HASHER, NOW, PASSWORD, a_known_one


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """An empty database."""
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    upgrade(url)
    with opened(url) as made:
        yield made


@pytest.fixture
def clerks(kept: Kept) -> Clerks:
    """Its accounts, Mara Beispiel's among them."""
    made = Clerks(kept, HASHER, token_bytes, NOW)
    made.add("m.beispiel", "Mara Beispiel", Role.CLERK, PASSWORD)
    return made


def test_a_password_that_is_made_up(clerks: Clerks) -> None:
    """It is strong, each time another, fits the account, and must be changed."""
    account, known = clerks.add("Neu ", "Nele Neu", Role.AUDITOR, None)
    _, another = clerks.add("noch.eine", "Noa Eine", Role.CLERK, None)
    assert account.sign_in_name == "neu"
    assert account.must_change
    assert known != another
    assert weaknesses(known, ("neu", "Nele Neu")) == ()
    assert HASHER.fits(account.password_hash, known)


@pytest.mark.parametrize("name", ["", "a", "ä.b", "a b", "-ab", "a" * 65, "a/b", "<b>", "a\x00b"])
def test_names_that_cannot_be(clerks: Clerks, name: str) -> None:
    """A name is short, of letters that every keyboard has."""
    with pytest.raises(UsageError, match="cannot be a name"):
        clerks.add(name, "Nele Neu", Role.CLERK, None)


def test_a_name_that_is_there(clerks: Clerks) -> None:
    """Two clerks cannot sign in with one name, in whatever letters."""
    with pytest.raises(UsageError, match="already"):
        clerks.add("M.BEISPIEL", "Mia Beispiel", Role.LEAD, None)


@pytest.mark.parametrize("password", ["", "kurz", "Beispiel in Dieburg", "passwortpasswort"])
def test_weak_passwords(clerks: Clerks, password: str) -> None:
    """A weak password is refused with what is wrong, and not repeated; nothing has changed."""
    with pytest.raises(WeakPassword) as refused:
        clerks.set_password("m.beispiel", password)
    assert refused.value.remedy.startswith("Take another: it ")
    assert not password or password not in f"{refused.value} {refused.value.remedy}"
    (account,) = clerks.all()
    assert HASHER.fits(account.password_hash, PASSWORD)


def test_a_new_password_ends_sessions_and_pauses(clerks: Clerks, kept: Kept) -> None:
    """Whoever was signed in is out, and the clerk need not wait any more."""
    (account,) = clerks.all()
    kept.sessions.open("s1", Session(account, NOW, NOW), None, What.SIGNED_IN)
    key = name_key(kept.key, "m.beispiel")
    for _ in range(PER_NAME.free):
        kept.attempts.begin({key: PER_NAME}, NOW)
    clerks.set_password("m.beispiel", None)
    session = kept.sessions.get("s1")
    assert session
    assert session.ended_at == NOW
    assert not kept.attempts.begin({key: PER_NAME}, NOW)


def test_unlocked_is_not_signed_in(clerks: Clerks, kept: Kept) -> None:
    """A session of before the lock does not come to life again when the account is unlocked."""
    (account,) = clerks.all()
    kept.sessions.open("s1", Session(account, NOW, NOW), None, What.SIGNED_IN)
    assert clerks.lock("m.beispiel").locked_at == NOW
    assert clerks.unlock(account.clerk.id).locked_at is None
    session = kept.sessions.get("s1")
    assert session
    assert session.ended_at == NOW


def test_accounts_of_the_provider(clerks: Clerks, kept: Kept) -> None:
    """An account that a provider knows is locked here by its id; password and role are not ours."""
    kept.accounts.add(a_known_one(), "provider", NOW)
    assert clerks.lock("c-9f1c").locked_at == NOW
    with pytest.raises(UsageError, match="no password here"):
        clerks.set_password("c-9f1c", None)
    with pytest.raises(UsageError, match="provider says its role"):
        clerks.set_role("c-9f1c", Role.LEAD)


def test_nobody(clerks: Clerks) -> None:
    """A name that nobody has is an error that says where to look."""
    for change in (clerks.lock, clerks.unlock, clerks.remove):
        with pytest.raises(HubError, match="no such account") as refused:
            change("niemand")
        assert "hub clerk list" in refused.value.remedy


def test_everything_is_recorded(clerks: Clerks, kept: Kept) -> None:
    """Each change stands in the record, by the operator, with roles before and after."""
    clerks.set_role("m.beispiel", Role.LEAD)
    clerks.lock("m.beispiel")
    clerks.unlock("m.beispiel")
    clerks.set_password("m.beispiel", None)
    clerks.remove("m.beispiel")
    said = [entry for _, entry in reversed(kept.record.latest(100))]
    assert [(entry.what, entry.detail) for entry in said] == [
        (What.ADDED, "clerk"),
        (What.ROLE_CHANGED, "clerk>lead"),
        (What.LOCKED, ""),
        (What.UNLOCKED, ""),
        (What.PASSWORD_CHANGED, ""),
        (What.REMOVED, ""),
    ]
    assert {entry.by for entry in said} == {"operator"}
    assert len({entry.clerk for entry in said}) == 1
