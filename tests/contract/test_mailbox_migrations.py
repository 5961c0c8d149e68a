"""The migrations of the mailbox lead to exactly the tables the code uses."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from connectors.backoffice import upgrade as backoffice
from connectors.errors import Later
from connectors.mailbox.tables import metadata
from connectors.mailbox.upgrade import STEPS, upgrade
from connectors.sql.database import open_database


def test_migrations_make_the_tables(url: str) -> None:
    """After the upgrade nothing differs from the tables of the code: no column, type or index."""
    upgrade(url)
    assert _differences(url) == []


def test_differences_are_seen(url: str) -> None:
    """The comparison sees a column that the migrations do not make."""
    upgrade(url)
    engine = open_database(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE mailbox_items ADD COLUMN forgotten INTEGER")
    engine.dispose()
    assert len(_differences(url)) == 1


def test_many_at_once(url: str) -> None:
    """Of several upgrades that start at once, one does the work and all succeed."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [url] * 4))
    assert _differences(url) == []


def test_beside_the_back_office(url: str) -> None:
    """Mailbox and back office may lie in one database; neither touches the other's tables."""
    backoffice.upgrade(url)
    upgrade(url)
    backoffice.upgrade(url)
    assert [one for one in _differences(url) if "mailbox" in str(one)] == []


def test_one_line_of_steps() -> None:
    """The steps form one line with one end."""
    engine = open_database("sqlite://")
    with engine.connect() as connection:
        assert len(ScriptDirectory.from_config(STEPS.config(connection)).get_heads()) == 1
    engine.dispose()


def test_nobody_there() -> None:
    """A database that cannot be reached raises Later and says nothing of the password."""
    with pytest.raises(Later) as said:
        upgrade("postgresql://hub:geheim@127.0.0.1:1/nothing")
    assert "geheim" not in str(said.value)


def _differences(url: str) -> list[Any]:
    engine = open_database(url)
    try:
        with engine.connect() as connection:
            options = {"compare_type": True, "version_table": STEPS.version_table}
            return list(
                compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
            )
    finally:
        engine.dispose()
