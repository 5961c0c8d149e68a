"""What an OpenID provider says of somebody, read by the settings: their role and their name."""

from collections.abc import Mapping
from typing import Any, Final

from hub.access.options import OidcOptions
from hub.access.refusals import NoRoleHere
from hub.access.roles import Role

LONGEST_NAME: Final = 120
Claims = Mapping[str, Any]


def role_of(claims: Claims, options: OidcOptions) -> Role:
    """The first role of the settings' table that the claim has; raises NoRoleHere."""
    has = _values(claims, options.role_claim)
    for value, role in options.roles.items():
        if value in has:
            return role
    raise NoRoleHere


def name_of(claims: Claims, options: OidcOptions) -> str:
    """The name for colleagues; the provider's own id where it says no name."""
    said = claims.get(options.name_claim)
    name = " ".join(said.split()) if isinstance(said, str) else ""
    return (name if name.isprintable() and name else str(claims["sub"]))[:LONGEST_NAME]


def _values(claims: Claims, path: str) -> frozenset[str]:
    """A claim of this very name, or one inside others; one text, or several in a list."""
    found: object = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset({found})
    if isinstance(found, list):
        return frozenset(one for one in found if isinstance(one, str))
    return frozenset()
