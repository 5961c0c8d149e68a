"""What every door by HTTP needs to know: where it listens, and who may come in."""

import re
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from connectors.callers.oauth_options import OAuthOptions
from connectors.listening import is_open, require_word
from schemas.model import PartyId

HASH: Final = r"^[0-9a-f]{64}$"
TokenHash = Annotated[str, StringConstraints(pattern=HASH)]
"""SHA-256 of a token, 64 lower-case hexadecimal digits."""


class PartyLimits(BaseModel):
    """Limits of one party's own; what is left out is as for everybody."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    requests_per_minute: Annotated[int | None, Field(ge=1)] = None
    """How many requests it may make in a minute."""


class DoorOptions(BaseModel):
    """Settings of a door. It holds hashes of tokens only, never a token."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    """The address to listen on; one that others reach needs TLS, or to be said twice."""
    port: Annotated[int, Field(ge=0, le=65535)]
    """The TCP port; 0 takes a free one."""
    tokens: dict[TokenHash, PartyId] = {}
    """SHA-256 of each token and the party that holds it; a party may hold several."""
    tokens_file: Path | None = None
    """Who may come in, one line each; `hub token` writes it, and it is read when it changes."""
    tls_certificate: Path | None = None
    """The certificate chain (PEM); with `tls_key` it is served by HTTPS."""
    tls_key: Path | None = None
    """The certificate's private key (PEM)."""
    tls_client_ca_file: Path | None = None
    """Certificates (PEM) of who signs those of callers; with it a caller may show one."""
    tls_clients: Literal["optional", "required"] = "optional"
    """Whether a caller must show one; counts with `tls_client_ca_file`."""
    oauth: OAuthOptions = OAuthOptions()
    """The authorization server whose access tokens open this door."""
    requests_per_minute: Annotated[int, Field(ge=1)] = 6_000
    """How many requests a party may make in a minute."""
    burst_s: Annotated[int, Field(ge=1, le=3600)] = 60
    """Of how many seconds a party may have its share at once."""
    allow_public: bool = False
    """Listen for others without TLS, because a proxy in front has it; the first of two words."""
    max_connections: Annotated[int, Field(ge=2)] = 512
    """How many connections are held at once."""
    stop_timeout_s: Annotated[int, Field(ge=1, le=600)] = 30
    """How long open requests are waited for at the end."""

    @field_validator("tokens", mode="before")
    @classmethod
    def _hashes_only(cls, tokens: object) -> object:
        # Checked before pydantic does, whose error would name the key: a token, perhaps.
        if isinstance(tokens, dict) and not all(re.fullmatch(HASH, str(key)) for key in tokens):
            raise ValueError(
                "each key must be the SHA-256 of a token in 64 lower-case hexadecimal digits, "
                "never the token itself"
            )
        return tokens

    @model_validator(mode="after")
    def _public_only_with_tls(self) -> Self:
        if self.is_open:
            require_word(
                allow_public=self.allow_public,
                danger="tokens and social data would travel unencrypted",
                instead="set tls_certificate and tls_key, or listen on 127.0.0.1 behind a proxy "
                "that speaks TLS",
            )
        return self

    @model_validator(mode="after")
    def _certificate_with_key(self) -> Self:
        if (self.tls_certificate is None) is not (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together: set both or none")
        if self.tls_client_ca_file is not None and self.tls_certificate is None:
            raise ValueError("tls_client_ca_file needs tls_certificate: callers show theirs by TLS")
        if self.tls_clients == "required" and self.tls_client_ca_file is None:
            raise ValueError("tls_clients needs tls_client_ca_file: who signs those of callers")
        return self

    @property
    def is_open(self) -> bool:
        """Whether others than this machine reach it, and not by TLS."""
        return is_open(self.host, encrypted=self.tls_certificate is not None, authenticated=True)
