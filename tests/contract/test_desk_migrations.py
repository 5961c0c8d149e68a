"""A desk's migrations lead to the tables the code uses; its outbox is the outbox door's."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from connectors.backoffice.upgrade import upgrade as upgrade_inbox
from connectors.sql.database import open_database
from connectors.sql_outbox.ddl import ddl
from connectors.sql_outbox.options import Options
from hub.casework.progress import Here
from hub.stores.casework.beginning import AnothersDesk, begin
from hub.stores.casework.tables import metadata, outbox
from hub.stores.casework.upgrade import STEPS, upgrade
from tests.support.builders import EPPERTSHAUSEN, KFB, NOW
from tests.support.desks_in_memory import PARTIES

MADE_BY_DDL: Final = "as_the_door_makes_it"


@pytest.fixture(name="engine")
def _engine(url: str) -> Iterator[Engine]:
    """An engine of a database with the newest tables."""
    upgrade(url)
    engine = open_database(url)
    yield engine
    engine.dispose()


def test_migrations_make_the_tables(engine: Engine, url: str) -> None:
    """After the upgrade nothing differs from the tables of the code; again it changes nothing."""
    upgrade(url)
    assert _differences(engine) == []


def test_differences_are_seen(engine: Engine) -> None:
    """The comparison sees a column that the migrations do not make."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE case_files ADD COLUMN forgotten INTEGER")
    assert len(_differences(engine)) == 1


def test_many_at_once(url: str) -> None:
    """Of several upgrades that start at once, one does the work and all succeed."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [url] * 4))


def test_one_line_of_steps() -> None:
    """The steps form one line with one end."""
    engine = open_database("sqlite://")
    with engine.connect() as connection:
        assert len(ScriptDirectory.from_config(STEPS.config(connection)).get_heads()) == 1
    engine.dispose()


def test_the_outbox_is_the_doors(engine: Engine) -> None:
    """It has the columns, keys and indexes that the outbox door makes, and no other column."""
    dialect: Any = engine.dialect.name
    with engine.begin() as connection:
        script = ddl(Options(table=MADE_BY_DDL), dialect)
        for statement in script.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    with engine.connect() as connection:
        wanted, found = _shape(connection, MADE_BY_DDL), _shape(connection, "outbox")
    found["indexes"].pop("ix_outbox_aggregateid")
    assert found == wanted
    assert set(outbox.columns.keys()) == set(found["columns"])


def test_whose_desk_it_is(engine: Engine, url: str) -> None:
    """A database is the desk of who began it; anybody else is told so."""
    del engine
    upgrade_inbox(url)
    begin(url, Here(KFB, PARTIES), NOW)
    begin(url, Here(KFB, PARTIES), NOW)
    with pytest.raises(AnothersDesk, match="It is the desk of kfb") as said:
        begin(url, Here(EPPERTSHAUSEN, PARTIES), NOW)
    assert said.value.where == "web.database"


def _shape(connection: Connection, table: str) -> dict[str, Any]:
    found = inspect(connection)
    columns = {
        str(one["name"]): (str(one["type"]), one["nullable"], one.get("default"))
        for one in found.get_columns(table)
    }
    indexes = {
        str(one["name"]).replace(table, "outbox"): (
            one["column_names"],
            one["unique"],
            {name: str(value) for name, value in one.get("dialect_options", {}).items()},
        )
        for one in found.get_indexes(table)
        if not str(one["name"]).endswith("_key")
    }
    unique = sorted(str(one["column_names"]) for one in found.get_unique_constraints(table))
    key = found.get_pk_constraint(table)["constrained_columns"]
    return {"columns": columns, "indexes": indexes, "unique": unique, "key": key}


def _differences(engine: Engine) -> list[Any]:
    def ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or name != outbox.name

    with engine.connect() as connection:
        options = {
            "compare_type": True,
            "version_table": STEPS.version_table,
            "include_object": ours,
        }
        return list(
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        )
