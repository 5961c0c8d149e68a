"""The register of members: one file that holds no secret and is never half written."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.errors import ConfigError, UsageError
from hub.membership import register
from hub.membership.issuing import issue
from hub.membership.membership import Membership, State

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def a_member(party: str = "06432005") -> Membership:
    """One that takes part."""
    return Membership(
        party=party,
        state=State.ACTIVE,
        credentials=(issue(1, NOW, NOW + timedelta(days=1)).credentials,),
        held={"http_tokens": ("a line",)},
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """One membership after the other; the others stay."""
    one, other = a_member(), a_member("kfb")
    for each in (one, other, one.suspended()):
        register.write(tmp_path / "secrets", each)

    assert register.read(tmp_path / "secrets") == {"06432005": one.suspended(), "kfb": other}
    assert register.of(tmp_path / "secrets", "kfb") == other


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Nobody else on the machine reads who takes part."""
    register.write(tmp_path / "secrets", a_member())

    assert (tmp_path / "secrets" / register.NAME).stat().st_mode & 0o077 == 0
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_no_secret_is_kept(tmp_path: Path) -> None:
    """What a party is given stands on its sheet alone."""
    issued = issue(1, NOW, NOW + timedelta(days=1))
    member = Membership(party="kfb", state=State.ACTIVE, credentials=(issued.credentials,))

    register.write(tmp_path, member)

    text = (tmp_path / register.NAME).read_text("utf-8")
    for secret in (issued.password, issued.door_token, issued.mailbox_token):
        assert secret not in text
    assert len({issued.password, issued.door_token, issued.mailbox_token}) == 3


def test_without_a_file_nobody_takes_part(tmp_path: Path) -> None:
    """And whoever is asked for is told how to come in."""
    assert register.read(tmp_path / "none") == {}
    with pytest.raises(UsageError) as told:
        register.of(tmp_path, "kfb")
    assert told.value.remedy == "Take it in: hub party add kfb"


@pytest.mark.parametrize("text", ["", "{}", '[{"party": "kfb"}]'])
def test_a_broken_register_is_an_error(tmp_path: Path, text: str) -> None:
    """Nothing is taken away from anybody because a file is broken."""
    (tmp_path / register.NAME).write_text(text, "utf-8")

    with pytest.raises(ConfigError) as told:
        register.read(tmp_path)
    assert str(tmp_path / register.NAME) in str(told.value)
