"""Doctor sees whether the vault is there, and whether the keys in it can be opened."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.doctor import databases, files
from hub.doctor.check import Health
from hub.settings import Settings
from hub.stores.vault.keys import SqlKeys
from hub.stores.vault.upgrade import upgrade
from hub.vault import master
from tests.support.vault import a_master_key

NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A vault with one key."""
    made = f"sqlite:///{tmp_path / 'vault.sqlite'}"
    with closing(SqlKeys(made, master.load(a_master_key(tmp_path)), lambda: NOW)) as kept:
        kept.make(["case-0001"])
    return made


def _settings(url: str, key: Path | None) -> Settings:
    return Settings.model_validate({"vault": {"database": url, "master_key_file": key}})


def test_all_is_there(url: str, tmp_path: Path) -> None:
    """The vault answers and its keys open; before that it is behind, and workers make it."""
    settings = _settings(url, tmp_path / "vault_master_key")
    (found,) = (one for one in databases.of(settings) if one.part == "database vault")
    assert found.health is Health.OK
    new = databases.vault(_settings(f"sqlite:///{tmp_path / 'new'}", None))
    assert (new.health, new.remedy) == (Health.WARN, "Start it: hub worker")


def test_another_master_key(url: str, tmp_path: Path) -> None:
    """Keys that were wrapped by what is not in the file any more are told."""
    found = databases.vault(_settings(url, a_master_key(tmp_path, "another")))
    assert found.health is Health.FAIL
    assert "vault.master_key_file" in found.remedy


def test_no_master_key(tmp_path: Path) -> None:
    """Without a master key the part fails and says what makes one."""
    url = f"sqlite:///{tmp_path / 'vault.sqlite'}"
    upgrade(url)
    (found,) = (one for one in databases.of(_settings(url, None)) if one.part == "database vault")
    assert (found.health, "hub secrets make" in found.remedy) == (Health.FAIL, True)


def test_the_file_itself(tmp_path: Path) -> None:
    """A file with a master key is of use; one with something else is told."""
    key = a_master_key(tmp_path)
    (fine,) = files.of(_settings("", key), NOW)
    key.write_text("no key\n")
    (broken,) = files.of(_settings("", key), NOW)
    assert (fine.health, broken.health) == (Health.OK, Health.FAIL)
