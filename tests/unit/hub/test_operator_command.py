"""hub operator: the accounts of those who work dead letters at the board."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.errors import ConfigError, HubError, UsageError
from tests.support.accounts import PASSWORD

OLGA = ("add", "o.betrieb", "--shown", "Olga Betrieb")


def run(*words: str, given: str | None = None) -> Any:  # noqa: ANN401 - any JSON value
    """What the command prints as JSON; raises what it ends with."""
    done = CliRunner().invoke(app, ["operator", *words, "-o", "json"], input=given)
    if isinstance(done.exception, HubError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of operators, named as in operation."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'operators.sqlite'}"
    monkeypatch.setenv("HUB_MONITOR__ACCOUNTS__DATABASE", url)


def test_an_operator_from_coming_to_going() -> None:
    """An operator where nobody says otherwise; an auditor, locked, unlocked, gone."""
    added = run(*OLGA, "--ask", given=f"{PASSWORD}\n")

    assert (added["role"], added["state"]) == ("operator", "active")
    assert run("list") == {"operators": [added]}
    assert run("role", "o.betrieb", "auditor")["role"] == "auditor"
    assert run("lock", added["id"])["state"] == "locked"
    assert run("unlock", "o.betrieb")["state"] == "active"
    assert run("password", "o.betrieb")["password"] != PASSWORD
    assert run("remove", "o.betrieb")["id"] == added["id"]
    assert run("list") == {"operators": []}


@pytest.mark.parametrize("role", ["clerk", "lead"])
def test_roles_of_a_back_office_are_none_here(role: str) -> None:
    """They would sign in and be answered nothing; it is said which roles there are."""
    with pytest.raises(UsageError) as refused:
        run(*OLGA, "--role", role)

    assert refused.value.remedy == "Use one of: operator, auditor."


def test_errors_name_this_command() -> None:
    """Not that of the clerks."""
    with pytest.raises(HubError) as unknown:
        run("lock", "nobody")
    run(*OLGA)
    with pytest.raises(UsageError) as taken:
        run(*OLGA)

    assert unknown.value.remedy.startswith("hub operator list")
    assert taken.value.remedy.endswith("hub operator password NAME")


def test_without_a_database_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is none by default: the board only shows."""
    monkeypatch.delenv("HUB_MONITOR__ACCOUNTS__DATABASE")
    with pytest.raises(ConfigError) as unset:
        run("list")

    assert unset.value.where == "monitor.accounts.database"
    assert "--set monitor.accounts.database=sqlite:///" in unset.value.remedy
