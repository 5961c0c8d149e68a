"""Accounts, sessions, failures, flows and the record keep what they promise, on each database."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from connectors.backoffice.upgrade import upgrade as upgrade_inbox
from connectors.errors import Later
from connectors.sql.database import open_database
from hub.access.clerk import Identity
from hub.access.keeping import Flow, Kept
from hub.access.pauses import PER_ADDRESS, PER_NAME
from hub.access.record import Entry, What
from hub.access.refusals import MustWait, NameTaken, NoSuchAccount, WrongNameOrPassword
from hub.access.roles import Role
from hub.access.sessions import REMEMBERED, Session
from hub.access.signing_in import PasswordSignIn
from hub.stores.accounts.opening import opened
from hub.stores.accounts.tables import metadata
from hub.stores.accounts.upgrade import STEPS, upgrade
from tests.support.accounts import HASHER, NOW, PASSWORD, a_known_one, an_account

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FLOW = Flow("b" * 64, "nonce", "verifier", "/cases", "sealed", None, NOW)


@pytest.fixture(name="url")
def migrated(url: str) -> str:
    """A database of each kind with the tables, empty."""
    upgrade(url)
    return url


@pytest.fixture
def kept(url: str) -> Iterator[Kept]:
    """What is kept in it."""
    with opened(url) as found:
        yield found


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The database without our code."""
    made = open_database(url)
    yield made
    made.dispose()


def session(kept: Kept, digest: str, begun: int = 0) -> Session:
    """A session of Mara Beispiel, begun so many minutes ago; her account is made if need be."""
    account = kept.accounts.find("m.beispiel")
    if account is None:
        kept.accounts.add(an_account(), "operator", NOW)
    account = kept.accounts.find("m.beispiel")
    assert account
    made = Session(account, NOW - begun * MINUTE, NOW - begun * MINUTE)
    kept.sessions.open(digest, made, None, What.SIGNED_IN)
    return made


def said(kept: Kept) -> list[Entry]:
    """The record, oldest first."""
    return [entry for _, entry in reversed(kept.record.latest(1000))]


def test_migrations_make_the_tables(url: str, engine: Engine) -> None:
    """After the upgrade nothing differs from the tables of the code; again, nothing happens."""
    upgrade(url)
    with engine.connect() as connection:
        options = {
            "compare_type": True,
            "version_table": STEPS.version_table,
            "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_beside_the_inbox(url: str) -> None:
    """Accounts and inbox may live in one database."""
    upgrade_inbox(url)
    upgrade(url)
    with opened(url) as found:
        assert found.accounts.all() == []


def test_accounts_come_back(kept: Kept) -> None:
    """An account comes back as it was kept, by its name or its identity, and is in the list."""
    mara, jo = an_account(role=Role.LEAD), a_known_one()
    kept.accounts.add(mara, "operator", NOW)
    kept.accounts.add(jo, "provider", NOW + MINUTE)

    assert kept.accounts.find("m.beispiel") == mara
    assert kept.accounts.identified(Identity("https://id.example", "9f1c")) == jo
    assert kept.accounts.identified(Identity("https://other.example", "9f1c")) is None
    assert kept.accounts.find("9f1c") is None
    assert kept.accounts.all() == [mara, jo]
    assert kept.accounts.name_of(mara.clerk.id) == "Mara Beispiel"
    assert kept.accounts.name_of("c-nobody") is None


def test_a_name_is_one_account(kept: Kept) -> None:
    """A second account of a name or an identity is refused; nothing of it is kept."""
    for account in (an_account(), a_known_one()):
        kept.accounts.add(account, "operator", NOW)
        again = replace(account, clerk=replace(account.clerk, id="c-again"))
        with pytest.raises(NameTaken):
            kept.accounts.add(again, "operator", NOW)
    assert len(kept.accounts.all()) == 2
    assert [entry.what for entry in said(kept)] == [What.ADDED, What.ADDED]


def test_changed_and_removed(kept: Kept) -> None:
    """A change is recorded with it; of a removed account only the id is left."""
    mara = an_account()
    kept.accounts.add(mara, "operator", NOW)
    session(kept, "s1")
    lead = replace(mara, clerk=replace(mara.clerk, role=Role.LEAD))
    kept.accounts.change(lead, Entry(NOW, What.ROLE_CHANGED, mara.clerk.id, "operator", "lead"))
    assert kept.accounts.find("m.beispiel") == lead

    kept.accounts.remove(mara.clerk.id, "operator", NOW)
    assert kept.accounts.find("m.beispiel") is None
    assert kept.accounts.name_of(mara.clerk.id) is None
    assert kept.sessions.get("s1") is None
    with pytest.raises(NoSuchAccount):
        kept.accounts.change(lead, None)
    with pytest.raises(NoSuchAccount):
        kept.accounts.remove(mara.clerk.id, "operator", NOW)
    assert [entry.what for entry in said(kept)] == [
        What.ADDED,
        What.SIGNED_IN,
        What.ROLE_CHANGED,
        What.REMOVED,
    ]


def test_a_removed_name_is_free(kept: Kept) -> None:
    """Another clerk may get the name of one who was removed."""
    kept.accounts.add(an_account(), "operator", NOW)
    kept.accounts.remove("c-m.beispiel", "operator", NOW)
    successor = replace(an_account(), clerk=replace(an_account().clerk, id="c-2"))
    kept.accounts.add(successor, "operator", NOW)
    assert kept.accounts.find("m.beispiel") == successor


def test_sessions(kept: Kept, engine: Engine) -> None:
    """A session is found by its digest with its account as it is now; nothing else finds it."""
    made = session(kept, "s1")
    assert kept.sessions.get("s1") == made
    assert kept.sessions.get("s2") is None

    kept.sessions.note("s1", NOW + MINUTE)
    kept.sessions.note("s1", NOW)
    assert kept.sessions.get("s1") == replace(made, seen_at=NOW + MINUTE)

    locked = replace(made.account, locked_at=NOW)
    kept.accounts.change(locked, Entry(NOW, What.LOCKED, locked.clerk.id, "operator"))
    found = kept.sessions.get("s1")
    assert found
    assert found.account.locked_at == NOW
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT * FROM account_sessions")).mappings().one()
    assert stored["digest"] == "s1"


def test_signed_out(kept: Kept) -> None:
    """A sign-out is recorded once; the session stays known as one that is over."""
    made = session(kept, "s1")
    kept.sessions.end("s1", NOW + MINUTE)
    kept.sessions.end("s1", NOW + 2 * MINUTE)
    kept.sessions.end("nothing", NOW)
    assert kept.sessions.get("s1") == replace(made, ended_at=NOW + MINUTE)
    assert [entry.what for entry in said(kept)][-2:] == [What.SIGNED_IN, What.SIGNED_OUT]


def test_a_new_session_ends_the_browsers_old_one(kept: Kept) -> None:
    """Signing in again in a browser leaves no second session behind."""
    made = session(kept, "s1")
    kept.sessions.open("s2", made, "s1", What.SIGNED_IN_AGAIN)
    old = kept.sessions.get("s1")
    assert old
    assert old.ended_at == NOW
    assert said(kept)[-1].what is What.SIGNED_IN_AGAIN


def test_end_others(kept: Kept) -> None:
    """All sessions of a clerk but one end; those of others do not."""
    for digest in ("s1", "s2", "s3"):
        session(kept, digest)
    kept.accounts.add(a_known_one(), "provider", NOW)
    kept.sessions.open("jo", Session(a_known_one(), NOW, NOW), None, What.SIGNED_IN)
    kept.sessions.end_others("c-m.beispiel", "s2", NOW + MINUTE)
    ended = {digest: kept.sessions.get(digest) for digest in ("s1", "s2", "s3", "jo")}
    assert [digest for digest, one in ended.items() if one and one.ended_at is None] == ["s2", "jo"]


def test_failures_by_name_and_address(kept: Kept) -> None:
    """Each attempt counts for both; whoever must wait is not counted; success forgets."""
    both = {"name": PER_NAME, "address": PER_ADDRESS}
    for _ in range(PER_NAME.free):
        assert not kept.attempts.begin(both, NOW)
    assert kept.attempts.begin(both, NOW) == PER_NAME.first
    assert kept.attempts.begin(both, NOW) == PER_NAME.first
    assert not kept.attempts.begin({"address": PER_ADDRESS}, NOW)
    assert not kept.attempts.begin(both, NOW + PER_NAME.first)
    assert kept.attempts.begin(both, NOW + PER_NAME.first) == 2 * PER_NAME.first

    kept.attempts.succeed(forgotten=["name"], taken_back=["address"])
    assert not kept.attempts.begin(both, NOW)


def test_an_address_is_not_forgiven(kept: Kept) -> None:
    """Whoever has an account of their own does not wash away what they guessed for others."""
    only = {"address": PER_ADDRESS}
    for _ in range(PER_ADDRESS.free - 1):
        assert not kept.attempts.begin(only, NOW)
    for _ in range(3):
        assert not kept.attempts.begin(only, NOW)
        kept.attempts.succeed(forgotten=[], taken_back=["address"])
    assert not kept.attempts.begin(only, NOW)
    assert kept.attempts.begin(only, NOW) == PER_ADDRESS.first


def test_guesses_at_once(url: str) -> None:
    """Of guesses made at the same time no more get through than of guesses made in turn."""
    passed: list[bool] = []
    failed: list[BaseException] = []
    together = threading.Barrier(4)

    def guess() -> None:
        try:
            with opened(url) as kept:
                together.wait()
                passed.extend(not _until_answered(kept) for _ in range(5))
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)

    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert sum(passed) == PER_NAME.free


def _until_answered(kept: Kept) -> timedelta:
    for _ in range(200):
        try:
            return kept.attempts.begin({"name": PER_NAME}, NOW)
        except Later:
            continue
    raise AssertionError("never answered")


def test_a_form_is_used_once(kept: Kept) -> None:
    """A mark is spent by the first who shows it."""
    assert kept.attempts.spend("m1", NOW)
    assert not kept.attempts.spend("m1", NOW + DAY)
    assert kept.attempts.spend("m2", NOW)


def test_a_flow_is_taken_once(kept: Kept) -> None:
    """A sign-in under way is found by its state, once, and not after ten minutes."""
    kept.flows.start("state", FLOW)
    assert kept.flows.take("other", NOW) is None
    assert kept.flows.take("state", NOW + 9 * MINUTE) == FLOW
    assert kept.flows.take("state", NOW + 9 * MINUTE) is None
    kept.flows.start("late", FLOW)
    assert kept.flows.take("late", NOW + 10 * MINUTE) is None
    assert kept.flows.take("late", NOW) is None


def test_the_record_is_only_added_to(kept: Kept, engine: Engine) -> None:
    """No statement changes a line or takes away one that is younger than 400 days."""
    kept.record.add(Entry(NOW, What.FAILED, None, detail="name"))
    kept.record.add(Entry(NOW, What.SIGNED_IN, "c-1"))
    statements = ["UPDATE account_record SET what = 'x'", "DELETE FROM account_record"]
    if engine.dialect.name == "postgresql":
        statements.append("TRUNCATE account_record")
    for statement in statements:
        with pytest.raises(DBAPIError, match="the record is"), engine.begin() as connection:
            connection.execute(text(statement))
    assert len(said(kept)) == 2


def test_the_record_in_pages(kept: Kept) -> None:
    """The newest come first, and the older ones after the last number seen."""
    for number in range(5):
        kept.record.add(Entry(NOW + number * MINUTE, What.FAILED, None, detail=f"{number}"))
    first = kept.record.latest(2)
    rest = kept.record.latest(10, before=first[-1][0])
    assert [entry.detail for _, entry in [*first, *rest]] == ["4", "3", "2", "1", "0"]


def test_tidy(kept: Kept, engine: Engine) -> None:
    """What is over for long is forgotten, and nothing else."""
    old = REMEMBERED + MINUTE
    session(kept, "s-old", begun=int(old / MINUTE))
    session(kept, "s-new")
    kept.attempts.begin({"old": PER_NAME}, NOW - 2 * DAY)
    kept.attempts.begin({"new": PER_NAME}, NOW)
    kept.attempts.spend("old", NOW - old)
    kept.attempts.spend("new", NOW)
    kept.flows.start("old", FLOW._replace(started_at=NOW - DAY))
    kept.flows.start("new", FLOW)
    kept.record.add(Entry(NOW - 4000 * DAY, What.FAILED, None, detail="old"))

    kept.tidy(NOW)

    assert kept.sessions.get("s-old") is None
    assert kept.sessions.get("s-new")
    assert not kept.attempts.spend("new", NOW)
    assert "old" not in [entry.detail for entry in said(kept)]
    with engine.connect() as connection:
        for table, key in (("failures", "key"), ("marks", "mark"), ("flows", "state")):
            rows = connection.execute(text(f"SELECT {key} FROM account_{table}"))  # noqa: S608
            assert [row[0] for row in rows] == ["new"]


def test_one_key_for_all(url: str) -> None:
    """Every process that opens the database uses the same key of 32 bytes."""
    with ExitStack() as all_of_them:
        found = [all_of_them.enter_context(opened(url)).key for _ in range(2)]
    assert found[0] == found[1]
    assert len(found[0]) == 32


def test_signing_in(kept: Kept) -> None:
    """Name and password are enough, however the name is typed; nothing else is."""
    kept.accounts.add(an_account(), "operator", NOW)
    sign_in = PasswordSignIn(kept, HASHER)

    assert sign_in.account(" M.Beispiel ", PASSWORD, "192.0.2.1", NOW) == an_account()
    for name, password in (("m.beispiel", "falsch"), ("niemand", PASSWORD), ("m.beispiel", "")):
        with pytest.raises(WrongNameOrPassword):
            sign_in.account(name, password, "192.0.2.1", NOW)
    failed = [(one.clerk, one.detail) for one in said(kept) if one.what is What.FAILED]
    assert failed == [("c-m.beispiel", "password"), (None, "name"), ("c-m.beispiel", "password")]


def test_a_locked_account_looks_like_a_wrong_password(kept: Kept) -> None:
    """Whoever tries a locked account learns nothing; the record says it."""
    kept.accounts.add(replace(an_account(), locked_at=NOW), "operator", NOW)
    with pytest.raises(WrongNameOrPassword):
        PasswordSignIn(kept, HASHER).account("m.beispiel", PASSWORD, "192.0.2.1", NOW)
    assert said(kept)[-1].detail == "locked"


def test_pauses_tell_nothing_of_names(kept: Kept) -> None:
    """A name that nobody has is paused like one that somebody has, even for the right password."""
    kept.accounts.add(an_account(), "operator", NOW)
    sign_in = PasswordSignIn(kept, HASHER)
    pauses = []
    for name, address in (("m.beispiel", "192.0.2.1"), ("niemand", "192.0.2.2")):
        for _ in range(PER_NAME.free):
            with pytest.raises(WrongNameOrPassword):
                sign_in.account(name, "geraten", address, NOW)
        with pytest.raises(MustWait) as refused:
            sign_in.account(name, PASSWORD, address, NOW)
        pauses.append(refused.value.pause)
    assert pauses == [PER_NAME.first] * 2
    later = NOW + PER_NAME.first
    assert sign_in.account("m.beispiel", PASSWORD, "192.0.2.1", later) == an_account()


def test_nobody_there() -> None:
    """A database that cannot be reached raises Later and says nothing of the password."""
    nowhere = "postgresql://hub:geheim@127.0.0.1:1/nothing"
    with pytest.raises(Later) as refused, opened(nowhere):
        pass
    assert "geheim" not in str(refused.value)
