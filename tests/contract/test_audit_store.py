"""The audit keeps one chain, whoever writes it, on each database."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from connectors.errors import Later
from connectors.sql.database import open_database
from hub.audit.act import Did
from hub.audit.chain import BEGINNING, Broken, Flaw, Verdict, verify
from hub.audit.keeping import CODE, NotAudited, Wanted
from hub.stores.audit.sql_audit import SqlAudit
from hub.stores.audit.tables import metadata
from hub.stores.audit.upgrade import STEPS, upgrade
from tests.support.acts import NOW, OPENED
from tests.support.postgres import Postgres

WRITES = """
import sys
from datetime import UTC, datetime
from hub.audit.act import Act, Did
from hub.stores.audit.sql_audit import SqlAudit
audit = SqlAudit(sys.argv[1], lambda: datetime.now(UTC))
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    audit.record(Act(sys.argv[2], "clerk", Did.CASE_OPENED, f"R-{number}"))
audit.close()
"""


@pytest.fixture(name="url")
def migrated(url: str) -> str:
    """A database of each kind with the table, empty."""
    upgrade(url)
    return url


@pytest.fixture
def audit(url: str) -> Iterator[SqlAudit]:
    """The audit in it; its clock stands."""
    with closing(SqlAudit(url, lambda: NOW)) as opened:
        yield opened


@contextmanager
def bare(url: str) -> Iterator[Engine]:
    """The database without our code."""
    made = open_database(url)
    yield made
    made.dispose()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The same database."""
    with bare(url) as made:
        yield made


def verdict(audit: SqlAudit) -> Verdict:
    """What there is to say of the chain."""
    with audit.all() as rows:
        return verify(rows)


def unguarded(engine: Engine, *statements: str) -> None:
    """Do this as somebody who owns the database and has taken its triggers away."""
    on = "" if engine.dialect.name == "sqlite" else " ON audit"
    with engine.begin() as connection:
        for name in ("audit_is_kept", "audit_stays"):
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
        for statement in statements:
            connection.execute(text(statement))


def test_migrations_make_the_tables(url: str, engine: Engine) -> None:
    """After the upgrade nothing differs from the tables of the code; again, nothing happens."""
    upgrade(url)
    with engine.connect() as connection:
        options = {"compare_type": True, "version_table": STEPS.version_table}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_what_was_done_stands_there(audit: SqlAudit) -> None:
    """Acts stand in their order, with everything that was said of them."""
    locked = OPENED._replace(did=Did.ACCOUNT_LOCKED, about="c-1", reason='grün & "gut" \'\\')
    audit.record(OPENED, locked)
    audit.record(OPENED)

    newest, second, first = audit.latest(Wanted(), most=10)
    assert [first.number, second.number, newest.number] == [1, 2, 3]
    assert first.at == "2026-11-25T09:30:00.000000+00:00"
    assert (second.who, second.role, second.party) == ("clerk-petra", "clerk", "kfb")
    assert (second.did, second.about, second.reason) == ("account-locked", "c-1", locked.reason)
    assert audit.head() == newest.head
    assert verdict(audit) == (3, newest.head, 0, None)


def test_an_empty_one_has_the_beginning_as_its_head(audit: SqlAudit) -> None:
    """Before the first act there is nothing, and nothing is wrong."""
    assert audit.head() == BEGINNING
    assert verdict(audit) == (0, BEGINNING, 0, None)
    audit.record()
    assert audit.head() == BEGINNING


def test_rows_are_found_by_what_they_say(audit: SqlAudit) -> None:
    """By who, what, about what, party and time; the newest first, page by page."""
    other = OPENED._replace(who="clerk-murat", about="R-2", party="06432005")
    locked = OPENED._replace(did=Did.ACCOUNT_LOCKED)
    audit.record(OPENED, other, locked, OPENED)

    def numbers(most: int = 10, before: int | None = None, **said: str) -> list[int]:
        return [row.number for row in audit.latest(Wanted(**said), most, before)]

    assert numbers() == [4, 3, 2, 1]
    assert numbers(2) == [4, 3]
    assert numbers(2, before=3) == [2, 1]
    assert numbers(who="clerk-murat") == [2]
    assert numbers(about="R-1001", did="case-opened") == [4, 1]
    assert numbers(party="06432005") == [2]
    assert numbers(since="2026-11-25T09:30:00.000000+00:00") == [4, 3, 2, 1]
    assert numbers(until="2026-11-25T09:30:00.000000+00:00") == []


def test_what_is_unfit_is_refused_with_all_beside_it(audit: SqlAudit) -> None:
    """Of several acts one that cannot stand there keeps the others out; none is half kept."""
    with pytest.raises(ValueError, match="about is too long"):
        audit.record(OPENED, OPENED._replace(about="two\nlines"))
    assert audit.head() == BEGINNING


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET about = 'R-2' WHERE number = 1",
        "DELETE FROM audit WHERE number = 1",
        "DELETE FROM audit",
    ],
)
def test_the_table_refuses_to_change(audit: SqlAudit, engine: Engine, statement: str) -> None:
    """Nobody changes or deletes a row by a statement, whoever they are."""
    audit.record(OPENED)
    with pytest.raises(DBAPIError, match="only added to"), engine.begin() as connection:
        connection.execute(text(statement))
    assert verdict(audit).rows == 1


@pytest.mark.postgres
def test_the_table_refuses_to_be_emptied(postgres: Postgres) -> None:
    """On PostgreSQL TRUNCATE is refused as well."""
    url = postgres.new_database()
    upgrade(url)
    with (
        bare(url) as engine,
        pytest.raises(DBAPIError, match="only added to"),
        engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE audit"))


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET about = 'R-2' WHERE number = 2", Broken(2, Flaw.CHANGED)),
        ("UPDATE audit SET hash = previous WHERE number = 3", Broken(3, Flaw.CHANGED)),
        ("DELETE FROM audit WHERE number = 1", Broken(1, Flaw.MISSING)),
        ("DELETE FROM audit WHERE number = 2", Broken(2, Flaw.MISSING)),
        ("UPDATE audit SET number = 9 WHERE number = 3", Broken(3, Flaw.MISSING)),
    ],
)
def test_the_owner_of_the_database_is_found_out(
    audit: SqlAudit, engine: Engine, statement: str, broken: Broken
) -> None:
    """Who takes the triggers away and changes a row has broken the chain there."""
    audit.record(OPENED, OPENED, OPENED)
    unguarded(engine, statement)

    assert verdict(audit).broken == broken


def test_an_end_cut_off_is_found_out_by_a_head_told_before(audit: SqlAudit, engine: Engine) -> None:
    """Without a head told elsewhere an end cut off would look like a whole chain."""
    audit.record(OPENED, OPENED, OPENED)
    told = audit.head()
    unguarded(engine, "DELETE FROM audit WHERE number = 3")

    assert verdict(audit).broken is None
    with audit.all() as rows:
        assert verify(rows, [told]).broken == Broken(3, Flaw.CUT)


def test_many_threads_keep_one_chain(url: str, audit: SqlAudit) -> None:
    """Of several that write at once each waits for the one before; no row is lost."""
    together = threading.Barrier(4)

    def write(who: str) -> None:
        with closing(SqlAudit(url, lambda: NOW)) as one:
            together.wait()
            for _ in range(10):
                one.record(OPENED._replace(who=who))

    threads = [threading.Thread(target=write, args=(f"clerk-{name}",)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdict(audit)[0] == 40
    assert verdict(audit).broken is None


def test_two_processes_keep_one_chain(url: str, audit: SqlAudit) -> None:
    """The same from two processes, each with a connection of its own."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITES, url, who, "25"], stdin=subprocess.PIPE, text=True
        )
        for who in ("clerk-a", "clerk-b")
    ]
    for one in writers:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in writers:
        one.communicate()

    assert [one.returncode for one in writers] == [0, 0]
    assert verdict(audit)[0] == 50
    assert verdict(audit).broken is None
    assert len(audit.latest(Wanted(who="clerk-a"), most=100)) == 25


def test_what_cannot_be_written_down_is_refused_with_a_code(tmp_path: Path) -> None:
    """A database that cannot be written says so in a way that every caller knows."""
    with (
        closing(SqlAudit(f"sqlite:///{tmp_path / 'no-table.sqlite'}", lambda: NOW)) as audit,
        pytest.raises(NotAudited, match=CODE) as refused,
    ):
        audit.record(OPENED)
    assert isinstance(refused.value, Later)


@pytest.mark.postgres
def test_a_writer_that_hangs_keeps_nobody_for_ever(postgres: Postgres) -> None:
    """Who cannot have the lock in time is refused, and nothing is half done."""
    url = postgres.new_database()
    upgrade(url)
    with closing(SqlAudit(url, lambda: NOW)) as audit, bare(url) as other:
        with other.connect() as holder:
            holder.execute(text("SELECT pg_advisory_xact_lock(64320065)"))
            with pytest.raises(NotAudited):
                audit.record(OPENED)
        audit.record(OPENED)
        assert audit.head().number == 1
