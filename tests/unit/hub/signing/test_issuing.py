"""Keys are issued, ended and revoked in a file that a person can read and mend."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from hub.errors import ConfigError, KeysError, UsageError
from hub.signing.issuing import issue, retire, revoke
from hub.signing.keys import Use
from hub.signing.keys_file import load_keys, parse
from hub.signing.private_keys import load_signers
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW
from tests.support.signing import Desk


def test_an_issued_key_can_be_read_and_signed_with(tmp_path: Path) -> None:
    """Its public half stands in the registry, its private half lies in a file of its own."""
    desk = Desk(tmp_path / "new")
    key = desk.issue(EPPERTSHAUSEN, DIEBURG)
    keys = load_keys(desk.registry)
    assert list(keys) == [key]
    assert [*load_signers(desk.private, keys)] == [key.kid]


def test_nobody_else_can_read_a_private_half(tmp_path: Path) -> None:
    """The file is its owner's alone, and so is the folder."""
    desk = Desk(tmp_path)
    key = desk.issue(KFB)
    assert stat.S_IMODE((desk.private / f"{key.kid}.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.private.stat().st_mode) == 0o700


def test_what_a_person_wrote_into_the_registry_stays(tmp_path: Path) -> None:
    """Comments and order survive a second key, an end and a revocation."""
    desk = Desk(tmp_path)
    first = desk.issue(KFB)
    said = desk.registry.read_text().replace("[[key]]", "# the first one\n[[key]]  # of kfb")
    desk.registry.write_text(said)
    second = desk.issue(KFB, at=NOW)
    retire(desk.registry, second, NOW)
    revoke(desk.registry, first.kid, NOW)
    text = desk.registry.read_text()
    assert "# the first one\n[[key]]  # of kfb" in text
    found = load_keys(desk.registry).by_kid
    assert found[first.kid].revoked_at == NOW
    assert found[first.kid].valid_until == NOW + timedelta(days=30)
    assert found[second.kid].revoked_at is None


def test_several_keys_may_lie_in_one_file(tmp_path: Path) -> None:
    """A container is given one file, with one key after the other."""
    registry, private = tmp_path / "keys.toml", tmp_path / "door.pem"
    kids = {issue(registry, private, [party], NOW).kid for party in (KFB, DIEBURG)}
    assert load_signers(private, load_keys(registry)).keys() == kids


def test_rotation_ends_only_keys_of_the_same_parties_and_use(tmp_path: Path) -> None:
    """Neither a door's key for many, nor the seal, nor another party's is touched."""
    desk = Desk(tmp_path)
    many, other = desk.issue(KFB, DIEBURG), desk.issue(DIEBURG)
    issue(desk.registry, desk.private, [KFB], NOW, use=Use.SEAL)
    before = desk.issue(KFB)
    new = desk.issue(KFB, at=NOW)
    assert [key.kid for key in retire(desk.registry, new, NOW)] == [before.kid]
    found = load_keys(desk.registry).by_kid
    assert found[many.kid] == many
    assert found[other.kid] == other


def test_an_unknown_key_cannot_be_revoked(tmp_path: Path) -> None:
    """A name that is mistyped is not taken for done."""
    desk = Desk(tmp_path)
    desk.issue(KFB)
    with pytest.raises(UsageError):
        revoke(desk.registry, "kfb-20260101-000000", NOW)


def test_a_broken_registry_is_not_made_longer(tmp_path: Path) -> None:
    """The mistake is named, and the file stays as it was."""
    desk = Desk(tmp_path)
    desk.registry.write_text("[[key]]\nkid = 3\n")
    with pytest.raises(KeysError):
        desk.issue(KFB)
    assert desk.registry.read_text() == "[[key]]\nkid = 3\n"


ENTRY = """[[key]]
kid = "kfb-1"
parties = ["kfb"]
public = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
valid_from = 2026-01-01T00:00:00Z
valid_until = 2027-01-01T00:00:00Z
"""


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('"kfb-1"', "3", 2),
        ('["kfb"]', "[]", 3),
        ("11qYAY", "====", 4),
        ("2026-01-01T00:00:00Z", '"soon"', 5),
        ("2027-", "2025-", 1),
        ("valid_until", "valid_til", 1),
        ("[[key]]", "[[keys]]", 1),
        ('parties = ["kfb"]', "parties = [", 3),
        (ENTRY, ENTRY + "\n" + ENTRY, 9),
    ],
)
def test_a_mistake_is_named_with_its_line(before: str, after: str, line: int) -> None:
    """File, line and remedy, as for the registry of parties."""
    with pytest.raises(KeysError) as raised:
        parse(ENTRY.replace(before, after, 1), "keys.toml")
    assert abs(raised.value.line - line) <= 1
    assert raised.value.remedy


def test_a_private_file_that_others_may_write_is_not_used(tmp_path: Path) -> None:
    """Whoever could put a key there could sign in the party's name."""
    desk = Desk(tmp_path)
    key = desk.issue(KFB)
    (desk.private / f"{key.kid}.pem").chmod(0o666)
    with pytest.raises(ConfigError, match="may write"):
        load_signers(desk.private, load_keys(desk.registry))


def test_a_file_without_a_key_is_named(tmp_path: Path) -> None:
    """What is no private key in PEM is said to be none."""
    desk = Desk(tmp_path)
    desk.issue(KFB)
    (desk.private / "more.pem").write_text(
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    )
    with pytest.raises(ConfigError):
        load_signers(desk.private, load_keys(desk.registry))
