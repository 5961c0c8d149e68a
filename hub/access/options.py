"""What signing in needs to know."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from hub.access.roles import Role
from schemas.model import Frozen

LOOPBACK = ("127.0.0.1", "localhost", "::1")


DIALECTS: Final = ("sqlite", "postgresql")


def known_database(database: SecretStr) -> SecretStr:
    """The address of a database that accounts can be kept in; raises ValueError."""
    scheme, separator, _ = database.get_secret_value().partition("://")
    if not separator or scheme.partition("+")[0] not in DIALECTS:
        raise ValueError("give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    return database


def _site(url: str) -> str:
    parts = urlsplit(url)
    known = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    if url and (not known or parts.path.strip("/") or parts.query or parts.fragment):
        raise ValueError("give it like https://HOST, without a path")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("give it like https://HOST; http:// only on this machine")
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return url.lower().rstrip("/").removesuffix(usual)  # as browsers write an origin


def _issuer(url: str) -> str:
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if url and (not is_safe or parts.query or parts.fragment):
        raise ValueError("give it like https://HOST/PATH; http:// only on this machine")
    return url


class OidcOptions(BaseModel):
    """The OpenID provider where one signs in."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    issuer: Annotated[str, AfterValidator(_issuer)] = ""
    """The provider's issuer, `https://HOST/PATH`; empty: one signs in with local accounts."""
    client_id: str = ""
    """Under which name these pages are known to the provider."""
    client_secret: SecretStr | None = None
    """Their secret there; without it they are a public client, with PKCE alone."""
    scopes: tuple[str, ...] = ("openid", "profile")
    """What is asked for; it must bring the claims for role and name."""
    role_claim: str = "roles"
    """The claim of the id token with the roles; dots lead inside: `realm_access.roles`."""
    roles: dict[str, Role] = {}
    """What a value of that claim means here; of several the first in this table counts."""
    name_claim: str = "name"
    """The claim with the name that colleagues see."""
    ca_file: Path | None = None
    """Certificates (PEM) of who signed the provider's; without it the system's are trusted."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.issuer and not (self.client_id and self.roles):
            raise ValueError("with an issuer, client_id and roles are needed")
        return self


class AccountOptions(Frozen):
    """How one signs in, and how long that lasts."""

    public_url: Annotated[str, AfterValidator(_site)] = ""
    """Under which address the pages are seen, `https://HOST`; empty: only on this machine."""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """From where `X-Forwarded-For` is believed: the proxy in front of the pages."""
    session_hours: Annotated[int, Field(ge=1, le=24)] = 10
    """How many hours after signing in a session is over."""
    idle_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    """After how many minutes without a request a session is locked."""
    local_accounts: bool | None = None
    """Whether one may sign in with name and password; unset: where there is no provider."""
    oidc: OidcOptions = OidcOptions()
    """The OpenID provider where one signs in."""

    @model_validator(mode="after")
    def _provider_comes_back(self) -> Self:
        if self.oidc.issuer and not self.public_url:
            raise ValueError(
                "with oidc.issuer, public_url is needed: the provider leads back to it"
            )
        return self

    @property
    def has_local_accounts(self) -> bool:
        """Whether there is a sign-in with name and password."""
        return not self.oidc.issuer if self.local_accounts is None else self.local_accounts
