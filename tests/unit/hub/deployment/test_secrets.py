"""The secrets of a deployment are made once, by chance, each for whom it is meant."""

import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509

from hub.deployment import secrets
from hub.errors import ConfigError
from hub.users.roles import users

USERS = users("", "kurze-wege")


def _content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_made_once_and_kept(tmp_path: Path) -> None:
    """A second call makes nothing and changes nothing."""
    made = secrets.make(tmp_path / "new", USERS)
    before = _content(tmp_path / "new")

    assert secrets.make(tmp_path / "new", USERS) == []
    assert _content(tmp_path / "new") == before
    assert sorted(made) == sorted(before)


def test_what_is_missing_is_made(tmp_path: Path) -> None:
    """A password that was deleted is made anew, alone; without the authority all certificates."""
    secrets.make(tmp_path, USERS)
    (tmp_path / "worker_password").unlink()
    (tmp_path / secrets.CA).unlink()

    assert secrets.make(tmp_path, USERS) == [
        "worker_password", secrets.NODE, secrets.OPERATORS, secrets.CA,
    ]  # fmt: skip


def test_every_password_is_another(tmp_path: Path) -> None:
    """Nobody's password tells anybody else's, and none is short."""
    secrets.make(tmp_path, USERS)
    words = [file.read_text("utf-8") for file in tmp_path.glob("*_password")]

    assert len(set(words)) == len(words) > len(USERS)
    assert min(len(word) for word in words) >= 32


def test_the_folder_is_closed_and_its_files_can_be_mounted(tmp_path: Path) -> None:
    """Others on the host cannot enter; a container reads its file whatever user it has."""
    folder = tmp_path / "secrets"
    secrets.make(folder, USERS)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o644}


def test_certificates_are_of_one_authority(tmp_path: Path) -> None:
    """The brokers' names and the operator's are signed by who is trusted; its key is nowhere."""
    secrets.make(tmp_path, USERS)
    authority = x509.load_pem_x509_certificate((tmp_path / secrets.CA).read_bytes())
    node, operator = (
        x509.load_pem_x509_certificate((tmp_path / name).read_bytes())
        for name in (secrets.NODE, secrets.OPERATORS)
    )

    for one in (node, operator):
        one.verify_directly_issued_by(authority)
    hosts = node.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "kafka-2" in hosts.get_values_for_type(x509.DNSName)
    assert operator.subject.rfc4514_string() == f"CN={secrets.OPERATOR}"
    assert b"PRIVATE KEY" not in (tmp_path / secrets.CA).read_bytes()
    ssl.create_default_context(cafile=tmp_path / secrets.CA).load_cert_chain(
        tmp_path / secrets.OPERATORS
    )


def test_a_database_is_named_with_its_password(tmp_path: Path) -> None:
    """The address that a service reads holds the password that PostgreSQL was told."""
    secrets.make(tmp_path, USERS)
    word = (tmp_path / "ledger_database_password").read_text("utf-8")

    url = (tmp_path / "ledger_database").read_text("utf-8")
    assert url == f"postgresql+psycopg://ledger:{word}@postgres/ledger"


def test_passwords_are_read_by_user(tmp_path: Path) -> None:
    """Each user's password is found under its role, also where names have a prefix."""
    prefixed = users("prod.", "prod.hub")
    secrets.make(tmp_path, prefixed)

    found = secrets.passwords(tmp_path, prefixed)
    assert found["prod.door"] == (tmp_path / "door_password").read_text("utf-8")
    assert found.keys() == {user.name for user in prefixed}


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_a_password_that_is_not_there(tmp_path: Path, content: str | None) -> None:
    """A missing or empty file is told by its name, with what makes it."""
    secrets.make(tmp_path, USERS)
    (tmp_path / "sink_password").unlink()
    if content is not None:
        (tmp_path / "sink_password").write_text(content, "utf-8")

    with pytest.raises(ConfigError) as told:
        secrets.passwords(tmp_path, USERS)
    assert told.value.where == str(tmp_path / "sink_password")
    assert "hub secrets make" in told.value.remedy
