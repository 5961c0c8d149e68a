"""The outbox's settings and the statements that make the table."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors import sql_outbox
from connectors.sql_outbox.ddl import ddl
from connectors.sql_outbox.options import Options
from connectors.sql_outbox.source import SqlOutboxSource
from tests.contract.subject_outbox import AT


@pytest.mark.parametrize(
    "given",
    [
        {"zone": "Europe/Eppertshausen"},
        {"zone": "Europe"},
        {"table": "outbox; DROP TABLE x"},
        {"columns": {"aggregateid": "akte nr"}},
        {"columns": {"colour": "farbe"}},
        {"columns": {"payload": "id"}},
        {"constants": {"sender": "//kurze-wege/06432005/x"}},
        {"after": "forget"},
        {"party": "Eppertshausen"},
    ],
)
def test_refused(given: dict[str, object]) -> None:
    """Settings that cannot be meant are refused."""
    with pytest.raises(ValidationError):
        Options.model_validate(given)


def test_the_password_is_not_shown() -> None:
    """Neither the options nor an error about them show the database's password."""
    options = Options.model_validate({"database": "postgresql://a:geheim@b/c"})
    assert "geheim" not in repr(options)
    with pytest.raises(ValidationError) as said:
        Options.model_validate({"database": "postgresql://a:geheim@b/c", "zone": "?"})
    assert "geheim" not in str(said.value)


def test_a_source_needs_database_and_party() -> None:
    """Without them it does not start."""
    with pytest.raises(ValueError, match="database and party"):
        SqlOutboxSource(Options(), lambda: AT)


def test_ddl_uses_the_names() -> None:
    """The statements make the table under the names of the options, reserved words quoted."""
    options = Options.model_validate(
        {"table": "order", "columns": {"number": "group", "aggregateid": "aktenzeichen"}}
    )
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(ddl(options, "sqlite"))
        names = [row[1] for row in connection.execute('PRAGMA table_info("order")')]
    assert {"group", "aktenzeichen", "payload", "published_at", "problems"} <= set(names)
    assert "aggregateid" not in names
    postgres = ddl(options.model_copy(update={"db_schema": "amt"}), "postgresql")
    assert 'CREATE TABLE amt."order"' in postgres
    assert '"group" bigint' in postgres


def test_every_option_stands_in_the_readme() -> None:
    """The table names every option, and no other."""
    readme = (Path(sql_outbox.__file__).parent / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| option | default | meaning |")[2]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == set(Options.model_fields)
