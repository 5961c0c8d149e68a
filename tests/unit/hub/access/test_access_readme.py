"""The README of the accounts says what is true, and its settings can be used."""

import re
from pathlib import Path

import pytest

from connectors.provider.signed import ALGORITHMS
from hub import access, origins
from hub.access.options import AccountOptions
from hub.access.passwords import LONGEST, SHORTEST
from hub.access.pauses import PER_ADDRESS, PER_NAME
from hub.access.roles import Right, Role, may
from hub.access.sessions import REMEMBERED
from hub.stores.accounts.tidy import RECORD_KEPT

README = (Path(access.__file__).parent / "README.md").read_text("utf-8")
COLUMNS = (Right.CONTENT, Right.WORK, Right.RELEASE, Right.FIGURES, Right.RECORD)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


@pytest.mark.parametrize("role", Role)
def test_the_table_of_roles(role: Role) -> None:
    """Each role may what its row says."""
    (row,) = re.findall(rf"^\| `{role}` \|(.*)\|$", README, re.MULTILINE)
    said = [cell.strip() == "yes" for cell in row.split("|")]
    assert said == [may(role, right) for right in COLUMNS]
    assert may(role, Right.HISTORY) is may(role, Right.RECORD)


def test_numbers() -> None:
    """Every number in it is the one that counts."""
    text = " ".join(README.split())
    usual = AccountOptions()
    for says in (
        f"{SHORTEST} to {LONGEST} characters",
        f"{NUMBERS[PER_NAME.free].capitalize()} are free for a name, {PER_ADDRESS.free} for an",
        f"from {PER_NAME.first.seconds} and from {PER_ADDRESS.first.seconds} seconds",
        f"up to {PER_NAME.longest.seconds // 60} minutes",
        f"over {usual.session_hours} hours after signing in",
        f"locked after {usual.idle_minutes} minutes",
        f"for up to {NUMBERS[REMEMBERED.days]} days",
        f"younger than {RECORD_KEPT.days} days",
    ):
        assert says in text


def test_algorithms() -> None:
    """The signatures that it names are those that are read."""
    named = {f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)}
    assert named | {"Ed25519"} == set(ALGORITHMS)
    assert "RS, PS or ES 256 to 512 or Ed25519" in " ".join(README.split())


def test_the_settings_can_be_used(tmp_path: Path) -> None:
    """The example for a provider is taken as it stands."""
    example = README.partition("    [web]\n")[2].partition("\nAn account")[0]
    secret = tmp_path / "openid"
    secret.write_text("geheim\n", encoding="utf-8")
    text = "\n".join(line.removeprefix("    ") for line in f"    [web]\n{example}".splitlines())
    file = tmp_path / "hub.toml"
    file.write_text(text.replace("/run/secrets/openid", str(secret)), encoding="utf-8")

    oidc = origins.load({"config": str(file)}).web.oidc
    assert oidc.role_claim == "realm_access.roles"
    assert oidc.roles == {"kw-lead": Role.LEAD, "kw-clerk": Role.CLERK, "kw-audit": Role.AUDITOR}
    assert oidc.client_secret
    assert oidc.client_secret.get_secret_value() == "geheim"
