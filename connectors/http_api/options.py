"""What the HTTP door needs to know: where it listens, who may send, and how much."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from schemas.model import PartyId

HASH: Final = r"^[0-9a-f]{64}$"
TokenHash = Annotated[str, StringConstraints(pattern=HASH)]
"""SHA-256 of a token, 64 lower-case hexadecimal digits."""
Seconds = Annotated[float, Field(gt=0, le=600)]


class Options(BaseModel):
    """Settings of the HTTP door. It holds hashes of tokens only, never a token."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    """The address to listen on; one that is not loopback needs TLS or `allow_public`."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8090
    """The TCP port; 0 takes a free one."""
    tokens: dict[TokenHash, PartyId] = {}
    """SHA-256 of each token and the party that holds it; a party may hold several."""
    tokens_file: Path | None = None
    """Who may come in, one line each; `hub token` writes it, and it is read when it changes."""
    tls_certificate: Path | None = None
    """The certificate chain (PEM); with `tls_key` the door speaks HTTPS."""
    tls_key: Path | None = None
    """The certificate's private key (PEM)."""
    allow_public: bool = False
    """Listen on a public address without TLS, because a proxy in front of the door has it."""
    max_body_bytes: Annotated[int, Field(ge=64 * 1024, le=64 * 1024 * 1024)] = 1024 * 1024
    """What the body of a request may weigh; one event may weigh 64 KiB."""
    max_batch: Annotated[int, Field(ge=1, le=10_000)] = 100
    """How many events a batch may have."""
    events_per_minute: Annotated[int, Field(ge=1)] = 6_000
    """How many events a party may send in a minute, refused ones included."""
    max_open_requests: Annotated[int, Field(ge=1)] = 128
    """How many requests are worked on at once; one more is told to come again."""
    max_connections: Annotated[int, Field(ge=2)] = 512
    """How many connections are held at once."""
    body_timeout_s: Seconds = 30
    """How long a body may take to arrive."""
    publish_timeout_s: Seconds = 20
    """How long a request waits for Kafka before it is told to come again."""
    retry_after_s: Seconds = 5
    """When to come again, where nothing better is known."""
    stop_timeout_s: Annotated[int, Field(ge=1, le=600)] = 30
    """How long open requests are waited for when the door closes."""

    @field_validator("tokens", mode="before")
    @classmethod
    def _hashes_only(cls, tokens: object) -> object:
        # Checked before pydantic does, whose error would name the key: a token, perhaps.
        if isinstance(tokens, dict) and not all(_is_hash(key) for key in tokens):
            raise ValueError(
                "each key must be the SHA-256 of a token in 64 lower-case hexadecimal digits, "
                "never the token itself"
            )
        return tokens

    @model_validator(mode="after")
    def _public_only_with_tls(self) -> Self:
        if not (is_loopback(self.host) or self.tls_certificate or self.allow_public):
            raise ValueError(
                "host is a public address, and tokens and social data would travel unencrypted: "
                "set tls_certificate and tls_key, or listen on 127.0.0.1 behind a proxy that "
                "speaks TLS, or set allow_public if such a proxy reaches the door by network"
            )
        return self

    @model_validator(mode="after")
    def _certificate_with_key(self) -> Self:
        if (self.tls_certificate is None) is not (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together: set both or none")
        return self

    @model_validator(mode="after")
    def _batch_within_rate(self) -> Self:
        if self.max_batch > self.events_per_minute:
            raise ValueError(
                "max_batch is above events_per_minute, so that a full batch would never be "
                "accepted: lower max_batch or raise events_per_minute"
            )
        return self


def _is_hash(key: object) -> bool:
    return isinstance(key, str) and re.fullmatch(HASH, key) is not None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name other than localhost is not."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
