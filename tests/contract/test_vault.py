"""The vault on SQLite and PostgreSQL: a key is made once, found by all, and destroyed for good."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.engine import make_url

from connectors.errors import Broken, Later
from connectors.sql.database import open_database
from hub.errors import ConfigError
from hub.stores.vault.keys import SqlKeys
from hub.stores.vault.tables import keys, metadata
from hub.stores.vault.upgrade import STEPS, upgrade
from hub.vault import master
from hub.vault.master import Master
from tests.support.postgres import Postgres
from tests.support.vault import a_master_key

AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture
def master_key(tmp_path: Path) -> Path:
    """A file with a master key."""
    return a_master_key(tmp_path)


@pytest.fixture
def vault(url: str, master_key: Path) -> Iterator[SqlKeys]:
    """An empty vault."""
    with closing(_opened(url, master_key)) as kept:
        yield kept


def _opened(url: str, master_key: Path) -> SqlKeys:
    return SqlKeys(url, master.load(master_key), lambda: AT)


def _wrapped(url: str, subject: str) -> bytes | None:
    engine = open_database(url)
    with engine.connect() as connection:
        query = select(keys.c.wrapped).where(keys.c.subject == subject)
        found: bytes | None = connection.execute(query).scalar_one()
    engine.dispose()
    return found


def test_migrations_make_the_table(url: str) -> None:
    """After the upgrade nothing differs from the table of the code."""
    upgrade(url)
    engine = open_database(url)
    with engine.connect() as connection:
        options: dict[str, Any] = {"compare_type": True, "version_table": STEPS.version_table}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_what_is_near(vault: SqlKeys, url: str) -> None:
    """A file's keys are near once its tables are there; a server's never are."""
    before = vault.is_near
    vault.find([])
    assert (before, vault.is_near) == (False, url.startswith("sqlite"))


def test_made_once(vault: SqlKeys, url: str, master_key: Path) -> None:
    """A key made by one process is found by another, and is not made anew."""
    made = vault.make(["a", "b"])
    with closing(_opened(url, master_key)) as other:
        assert other.find(["a", "b", "c"]) == made
        assert other.make(["b", "c"])["b"] == made["b"]
    assert len({*made.values()}) == 2


def test_made_at_once(url: str, master_key: Path) -> None:
    """Of many processes that make the keys of the same subjects at once all get the same."""
    subjects = [f"case-{number}" for number in range(600)]

    def make(_number: int) -> dict[str, bytes | None]:
        with closing(_opened(url, master_key)) as kept:
            return kept.make(subjects)

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(make, range(4))
    assert all(other == first for other in others)
    assert set(first) == set(subjects)


def test_destroyed(vault: SqlKeys) -> None:
    """A key that was destroyed is never found nor made again; that, when and by whom is known."""
    vault.make(["a", "b"])
    vault.destroy("a", "petra@ops", "GDPR Art. 17")
    assert vault.find(["a"]) == {"a": None}
    assert vault.make(["a"]) == {"a": None}
    assert vault.find(["b"])["b"] is not None
    held = vault.held("a")
    assert held is not None
    assert (held.destroyed_at, held.destroyed_by, held.reason) == (AT, "petra@ops", "GDPR Art. 17")


def test_destroyed_again(vault: SqlKeys) -> None:
    """Who destroyed it first stays known."""
    vault.make(["a"])
    vault.destroy("a", "petra@ops", "first")
    vault.destroy("a", "somebody@else", "second")
    held = vault.held("a")
    assert held is not None
    assert held.destroyed_by == "petra@ops"


def test_destroyed_before_it_was_made(vault: SqlKeys) -> None:
    """A subject that never had a key has none from now on either."""
    vault.destroy("a", "petra@ops", "GDPR Art. 17")
    assert vault.make(["a"]) == {"a": None}


def test_nothing_left_in_the_files(vault: SqlKeys, url: str) -> None:
    """In SQLite's files no byte of the wrapped key is left once it was destroyed."""
    vault.make([f"case-{number}" for number in range(50)])
    wrapped = _wrapped(url, "case-7")
    if make_url(url).get_backend_name() == "sqlite":
        folder = Path(make_url(url).database or "").parent
        assert _lies_in(folder, wrapped)
        vault.destroy("case-7", "petra@ops", "GDPR Art. 17")
        assert not _lies_in(folder, wrapped)
    else:
        vault.destroy("case-7", "petra@ops", "GDPR Art. 17")
    assert _wrapped(url, "case-7") is None


@pytest.mark.postgres
def test_nothing_left_in_postgres(postgres: Postgres, master_key: Path) -> None:
    """Nor in PostgreSQL's, tables and log, where the log is not used again."""
    with psycopg.connect(f"host={postgres.socket} user=postgres", autocommit=True) as server:
        server.execute("ALTER SYSTEM SET wal_recycle = off")
        server.execute("SELECT pg_reload_conf()")
        url = postgres.new_database()
        with closing(_opened(url, master_key)) as kept:
            kept.make([f"case-{number}" for number in range(50)])
            wrapped, other = _wrapped(url, "case-7"), _wrapped(url, "case-8")
            server.execute("CHECKPOINT")
            assert _lies_in(postgres.socket / "data", wrapped)
            kept.destroy("case-7", "petra@ops", "GDPR Art. 17")
            assert not _lies_in(postgres.socket / "data", wrapped)
            assert _lies_in(postgres.socket / "data", other)


def _lies_in(folder: Path, wrapped: bytes | None) -> bool:
    assert wrapped is not None
    files = [file for file in folder.rglob("*") if file.is_file()]
    return any(wrapped in file.read_bytes() for file in files)


def test_wrapped(vault: SqlKeys, url: str, master_key: Path) -> None:
    """What stands in the database is not the key, and no other master key opens it."""
    raw = vault.make(["a"])["a"]
    assert raw is not None
    assert raw not in (_wrapped(url, "a") or b"")
    strange = SqlKeys(url, Master([b"x" * 32]), lambda: AT)
    with closing(strange), pytest.raises(Broken, match="master_key_file"):
        strange.find(["a"])
    assert master_key.read_bytes().strip() not in (_wrapped(url, "a") or b"")


def test_moved_to_another_subject(vault: SqlKeys, url: str) -> None:
    """A wrapped key put into another subject's row does not open."""
    vault.make(["a", "b"])
    engine = open_database(url)
    with engine.begin() as connection:
        taken = _wrapped_in(connection, "a")
        connection.execute(keys.update().where(keys.c.subject == "b").values(wrapped=taken))
    engine.dispose()
    with pytest.raises(Broken):
        vault.find(["b"])


def _wrapped_in(connection: Any, subject: str) -> bytes:  # noqa: ANN401 - a connection
    query = select(keys.c.wrapped).where(keys.c.subject == subject)
    found: bytes = connection.execute(query).scalar_one()
    return found


def test_a_new_master_key(vault: SqlKeys, url: str, tmp_path: Path, master_key: Path) -> None:
    """Behind a new master key the old one still opens; once all is wrapped anew it may go."""
    before = vault.make(["a", "b"])
    vault.destroy("b", "petra@ops", "GDPR Art. 17")
    both, new = tmp_path / "both", a_master_key(tmp_path, "new")
    both.write_bytes(new.read_bytes() + master_key.read_bytes())
    with closing(_opened(url, both)) as kept:
        assert kept.find(["a"])["a"] == before["a"]
        assert kept.rewrap() == 1
        assert kept.rewrap() == 0
    with closing(_opened(url, new)) as kept:
        assert kept.find(["a", "b"]) == {"a": before["a"], "b": None}
    with closing(_opened(url, master_key)) as kept, pytest.raises(Broken):
        kept.find(["a"])


def test_nobody_there(master_key: Path) -> None:
    """A vault that is away raises Later and says nothing of its password."""
    kept = _opened("postgresql://hub:geheim@127.0.0.1:1/vault", master_key)
    with closing(kept), pytest.raises(Later) as said:
        kept.find(["a"])
    assert "geheim" not in str(said.value)


@pytest.mark.parametrize("content", [None, b"", b"short\n", b"\xff\xfe", b"A" * 44 + b" nope"])
def test_no_master_key(tmp_path: Path, content: bytes | None) -> None:
    """Without a readable master key nothing begins, and the error says what makes one."""
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError) as said:
        master.load(file)
    assert "hub secrets make" in (said.value.remedy or "")
