"""hub token: made, listed and revoked, in the file that a door reads."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.callers.credential_file import read_credentials
from connectors.callers.scopes import Scope
from connectors.callers.tokens import digest
from hub.cli import app
from hub.errors import ConfigError, HubError, UsageError


def run(*words: str) -> str:
    """What the command prints; raises what it ends with."""
    done = CliRunner().invoke(app, ["token", *words])
    if isinstance(done.exception, HubError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The HTTP door's file of tokens."""
    found = tmp_path / "tokens"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUB_HTTP_API__TOKENS_FILE", str(found))
    return found


def test_a_token_from_its_making_to_its_end(file: Path) -> None:
    """Stdout is the token alone; list shows it without what opens; revoke takes it back."""
    token = run("make", "06432005", "--scope", "send:referrals", "--note", "Sozialamt").strip()
    [known] = read_credentials(file)
    assert known.key == digest(token)
    assert known.scopes == {Scope.SEND_REFERRALS}

    [shown] = json.loads(run("list", "-o", "json"))["tokens"]
    assert (shown["name"], shown["party"], shown["note"]) == (known.name, "06432005", "Sozialamt")
    assert shown["scopes"] == ["send:referrals"]
    assert shown["until"] > "2026"
    assert digest(token) not in json.dumps(shown)

    assert known.name in run("revoke", known.name)
    assert read_credentials(file) == []


def test_another_door_has_another_file(file: Path, tmp_path: Path) -> None:
    """By its name or by that of a file; JSON has the token and what it is good for."""
    other = tmp_path / "mailbox_tokens"
    said = json.loads(run("make", "kfb", "--file", str(other), "--days", "1", "-o", "json"))

    assert said["scopes"] == ["send", "collect", "trace"]
    assert digest(said["token"]) == read_credentials(other)[0].key
    assert not file.exists()
    with pytest.raises(ConfigError, match=r"mailbox.tokens_file: There is no file"):
        run("make", "kfb", "--door", "mailbox")


def test_what_cannot_be_is_said(file: Path, tmp_path: Path) -> None:
    """An unknown party, an unknown token, a file that is none."""
    with pytest.raises(ConfigError, match="Not in the registry of parties: 06411000"):
        run("make", "06411000")
    assert not file.exists()
    with pytest.raises(ConfigError, match="cannot be read"):
        run("list")
    file.write_text("# nobody\n")
    with pytest.raises(UsageError, match="There is no such token"):
        run("revoke", "1f2e3d4c")
    with pytest.raises(ConfigError, match="Cannot be used: No such file"):
        run("make", "kfb", "--file", str(tmp_path / "missing" / "tokens"))
