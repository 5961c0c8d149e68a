"""Whose access tokens are believed (OAuth 2.0 client credentials, RFC 6749, 4.4; RFC 9068)."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.listening import is_loopback

Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"
]


def _address(url: str) -> str:
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and is_loopback(parts.hostname or "")
    )
    if url and (not is_safe or not parts.hostname or "@" in parts.netloc or parts.fragment):
        raise ValueError("give it like https://HOST/PATH; http:// only on this machine")
    return url


class OAuthOptions(BaseModel):
    """The authorization server whose access tokens open this door."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    issuer: str = ""
    """The authorization server as its tokens name it (`iss`); empty: none is believed."""
    audience: str = ""
    """What its tokens must be for (`aud`): under which name this door is known there."""
    jwks_url: Annotated[str, AfterValidator(_address)] = ""
    """Where its public keys are read, `https://HOST/PATH`."""
    jwks_file: Path | None = None
    """Its public keys in a file instead (JWK set, RFC 7517); read again as they are by address."""
    ca_file: Path | None = None
    """Certificates (PEM) of who signed its own; without it the system's are trusted."""
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = (
        "RS256",
        "PS256",
        "ES256",
        "Ed25519",
    )
    """By which signatures its tokens may be signed."""
    client_claim: str = "client_id"
    """The claim with the client's id; `client:<id>` in the file of tokens says whose it is."""
    scope_claim: str = "scope"
    """The claim with the token's scopes; empty: those of the file of tokens count alone."""
    keys_fresh_s: Annotated[int, Field(ge=30, le=86_400)] = 600
    """How long its keys are believed before they are asked for again."""
    keys_kept_s: Annotated[int, Field(ge=30, le=7 * 86_400)] = 86_400
    """How long they are believed while it cannot be asked; then its tokens are told to wait."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.issuer:
            return self
        if not self.audience or not self.client_claim:
            raise ValueError("with an issuer, audience and client_claim are needed")
        if bool(self.jwks_url) is (self.jwks_file is not None):
            raise ValueError("with an issuer, either jwks_url or jwks_file is needed")
        if self.keys_kept_s < self.keys_fresh_s:
            raise ValueError("keys_kept_s must not be less than keys_fresh_s")
        return self
