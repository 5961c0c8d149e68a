"""A deployment's keys: each process has what it signs with, and nothing else."""

import stat
from datetime import UTC, datetime
from pathlib import Path

from hub.deployment.signing_keys import REGISTRY, make, wanted
from hub.signing.keys import HUB, Use
from hub.signing.keys_file import load_keys
from hub.signing.private_keys import load_signers

NOW = datetime(2026, 3, 2, tzinfo=UTC)
WANTED = wanted(["kfb", "06432005"], "kfb")


def test_each_process_has_its_own_key(tmp_path: Path) -> None:
    """The door speaks for all parties, a back office for its own, and only workers seal."""
    make(tmp_path, WANTED, NOW)
    keys = load_keys(tmp_path / REGISTRY)
    found = {
        key.name: [keys.by_kid[kid] for kid in load_signers(tmp_path / key.name, keys)]
        for key in WANTED
    }
    assert {name: [(one.parties, one.use) for one in held] for name, held in found.items()} == {
        "worker_signing_key": [((HUB,), Use.SEAL)],
        "door_signing_key": [(("kfb", "06432005"), Use.SIGN)],
        "mailbox_signing_key": [((HUB,), Use.SIGN)],
        "desk_signing_key": [(("kfb",), Use.SIGN)],
    }


def test_made_once_and_kept(tmp_path: Path) -> None:
    """A second call makes nothing; a file that is gone gets a new key, and the old one stays."""
    made = make(tmp_path, WANTED, NOW)
    assert {*made} == {REGISTRY, *(key.name for key in WANTED)}
    assert make(tmp_path, WANTED, NOW) == []
    before = len(list(load_keys(tmp_path / REGISTRY)))
    (tmp_path / "door_signing_key").unlink()
    assert make(tmp_path, WANTED, NOW) == ["door_signing_key"]
    assert len(list(load_keys(tmp_path / REGISTRY))) == before + 1


def test_without_a_registry_all_are_made_anew(tmp_path: Path) -> None:
    """Private halves that nobody knows the public ones of are of no use."""
    made = make(tmp_path, WANTED, NOW)
    (tmp_path / REGISTRY).unlink()
    assert {*make(tmp_path, WANTED, NOW)} == {*made}
    keys = load_keys(tmp_path / REGISTRY)
    assert all(load_signers(tmp_path / key.name, keys) for key in WANTED)


def test_a_container_can_read_its_key(tmp_path: Path) -> None:
    """As all files of the folder: the folder is closed, not the file."""
    make(tmp_path, WANTED, NOW)
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o644}
