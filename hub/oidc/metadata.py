"""Where the provider has what (OpenID Connect Discovery 1.0)."""

from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from connectors.provider.errors import ProviderAway
from connectors.provider.fetching import Json
from hub.access.options import LOOPBACK

WHERE: Final = "discovery"
NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Metadata(NamedTuple):
    """The provider's addresses, and what it can do."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    says_who_it_is: bool
    """It sends `iss` along with the code (RFC 9207): one without it is refused."""
    takes_basic: bool
    """The client's secret goes into the header, not into the form."""


def address(issuer: str) -> str:
    """Where the discovery document is."""
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def read(found: Json, issuer: str) -> Metadata:
    """What the document says; raises ProviderAway if it is another's, or not usable."""
    if found.get("issuer") != issuer:
        raise ProviderAway(WHERE, "another issuer")
    authorization, token, jwks = (_url(found, name) for name in NEEDED)
    methods = _list(found, "token_endpoint_auth_methods_supported", "client_secret_basic")
    if "S256" not in _list(found, "code_challenge_methods_supported", "S256"):
        raise ProviderAway(WHERE, "no PKCE")
    return Metadata(
        authorization_endpoint=authorization,
        token_endpoint=token,
        jwks_uri=jwks,
        end_session_endpoint=(
            _url(found, "end_session_endpoint") if "end_session_endpoint" in found else None
        ),
        says_who_it_is=found.get("authorization_response_iss_parameter_supported") is True,
        takes_basic="client_secret_basic" in methods,
    )


def _url(found: Json, name: str) -> str:
    url = found.get(name)
    if not isinstance(url, str):
        raise ProviderAway(WHERE, f"no {name}")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ProviderAway(WHERE, f"{name} is no address") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ProviderAway(WHERE, f"{name} is not https")
    return url


def _list(found: Json, name: str, usual: str) -> list[Any]:
    said = found.get(name, [usual])
    if not isinstance(said, list):
        raise ProviderAway(WHERE, f"{name} is no list")
    return said
