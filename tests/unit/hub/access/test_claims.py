"""What a provider says of somebody is read by the settings."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from hub.access.claims import name_of, role_of
from hub.access.options import AccountOptions, OidcOptions
from hub.access.refusals import NoRoleHere
from hub.access.roles import Role

ISSUER = {"issuer": "https://id.example", "client_id": "kurze-wege"}


def options(claim: str = "roles", **roles: str) -> OidcOptions:
    """Settings with this table of roles."""
    return OidcOptions.model_validate({**ISSUER, "role_claim": claim, "roles": roles})


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("roles", {"roles": ["other", "kw-lead"]}),
        ("roles", {"roles": "kw-lead"}),
        ("realm_access.roles", {"realm_access": {"roles": ["kw-lead"]}}),
        ("https://id.example/roles", {"https://id.example/roles": ["kw-lead"]}),
    ],
)
def test_role(claim: str, claims: Mapping[str, Any]) -> None:
    """The claim may be a text, a list, lie inside another or have dots in its own name."""
    found = options(claim, **{"kw-clerk": "clerk", "kw-lead": "lead"})
    assert role_of(claims, found) is Role.LEAD


def test_the_first_of_the_table_counts() -> None:
    """Of several roles the one that stands first in the settings counts."""
    claims = {"roles": ["kw-clerk", "kw-audit"]}
    assert role_of(claims, options(**{"kw-audit": "auditor", "kw-clerk": "clerk"})) is Role.AUDITOR
    assert role_of(claims, options(**{"kw-clerk": "clerk", "kw-audit": "auditor"})) is Role.CLERK


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"roles": []},
        {"roles": ["kw-clerks"]},
        {"roles": [["kw-clerk"]]},
        {"roles": {"kw-clerk": True}},
        {"roles": None},
        {"roles": 1},
    ],
)
def test_no_role(claims: Mapping[str, Any]) -> None:
    """Whoever has none of the roles does not come in."""
    with pytest.raises(NoRoleHere):
        role_of(claims, options(**{"kw-clerk": "clerk"}))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mara  Beispiel ", "Mara Beispiel"),
        ("", "9f1c"),
        (None, "9f1c"),
        (["Mara"], "9f1c"),
        ("a\x00b", "9f1c"),
        ("\u202eMara", "9f1c"),
        ("x" * 500, "x" * 120),
    ],
)
def test_name(said: object, name: str) -> None:
    """The name is one printable line; without one the provider's own id stands for it."""
    assert name_of({"sub": "9f1c", "name": said}, options(r="clerk")) == name


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc": {"issuer": "https://id.example"}},
        {"oidc": {**ISSUER, "roles": {}}, "public_url": "https://desk.example"},
        {"oidc": {**ISSUER, "roles": {"r": "boss"}}, "public_url": "https://desk.example"},
        {"oidc": {**ISSUER, "roles": {"r": "lead"}}},
        {"oidc": {**ISSUER, "issuer": "http://id.example", "roles": {"r": "lead"}}},
        {"public_url": "desk.example"},
        {"public_url": "https://desk.example/office"},
        {"public_url": "https://user@desk.example"},
        {"public_url": "javascript:alert(1)"},
        {"public_url": "http://desk.example"},
        {"session_hours": 0},
        {"idle_minutes": 0},
    ],
)
def test_wrong_settings(wrong: Mapping[str, Any]) -> None:
    """Settings that leave the way in open or half built are refused."""
    with pytest.raises(ValidationError):
        AccountOptions.model_validate(wrong)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Desk.example/", "https://desk.example"),
        ("https://desk.example:443", "https://desk.example"),
        ("http://127.0.0.1:8092", "http://127.0.0.1:8092"),
        ("", ""),
    ],
)
def test_public_url(given: str, kept: str) -> None:
    """The address is kept as browsers write an origin."""
    assert AccountOptions.model_validate({"public_url": given}).public_url == kept


@pytest.mark.parametrize(
    ("said", "issuer", "has"),
    [(None, "", True), (None, "https://id.example", False), (True, "https://id.example", True)],
)
def test_local_accounts(*, said: bool | None, issuer: str, has: bool) -> None:
    """Where there is a provider local accounts are off unless they are asked for."""
    oidc = {**ISSUER, "issuer": issuer, "roles": {"r": "clerk"}}
    given = {"local_accounts": said, "oidc": oidc, "public_url": "https://desk.example"}
    assert AccountOptions.model_validate(given).has_local_accounts is has
