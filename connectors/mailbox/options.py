"""What the mailbox needs to know: whose deliveries, kept where, and who may collect them."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from schemas.model import PartyId

DIALECTS: Final = ("sqlite", "postgresql")
HASH: Final = r"^[0-9a-f]{64}$"
TokenHash = Annotated[str, StringConstraints(pattern=HASH)]
"""SHA-256 of a token, 64 lower-case hexadecimal digits."""
Days = Annotated[int, Field(ge=1, le=3650)]


class Options(BaseModel):
    """Settings of the mailbox. It holds hashes of tokens only, never a token."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    database: SecretStr = SecretStr("sqlite:///.kurze-wege/mailbox.sqlite")
    """The items' database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`."""
    parties: Annotated[tuple[PartyId, ...], Field(max_length=1000)] = ()
    """Who has a mailbox here."""
    host: str = "127.0.0.1"
    """The address to listen on; one that is not loopback needs TLS or `allow_public`."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8092
    """The TCP port; 0 takes a free one."""
    tokens: dict[TokenHash, PartyId] = {}
    """SHA-256 of each token and the party that holds it; a party may hold several."""
    tokens_file: Path | None = None
    """Who may come in, one line each; `hub token` writes it, and it is read when it changes."""
    tls_certificate: Path | None = None
    """The certificate chain (PEM); with `tls_key` the mailbox speaks HTTPS."""
    tls_key: Path | None = None
    """The certificate's private key (PEM)."""
    allow_public: bool = False
    """Listen on a public address without TLS, because a proxy in front of it has it."""
    max_connections: Annotated[int, Field(ge=2)] = 512
    """How many connections are held at once."""
    max_waiting: Annotated[int, Field(ge=0)] = 64
    """How many requests may wait for new items at once; one more is answered at once."""
    longest_wait_s: Annotated[int, Field(ge=0, le=600)] = 60
    """How long a request may wait for new items."""
    expire_days: Days = 30
    """After how many days the content of an item that nobody acknowledged is erased."""
    keep_days: Days = 90
    """How many days it is remembered that an item was acknowledged or has expired."""
    stop_timeout_s: Annotated[int, Field(ge=1, le=600)] = 30
    """How long open requests are waited for when the mailbox closes."""

    @field_validator("database")
    @classmethod
    def _is_known(cls, database: SecretStr) -> SecretStr:
        scheme, separator, _ = database.get_secret_value().partition("://")
        if not separator or scheme.partition("+")[0] not in DIALECTS:
            raise ValueError("give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
        return database

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
        if not (_is_loopback(self.host) or self.tls_certificate or self.allow_public):
            raise ValueError(
                "host is a public address, and tokens and social data would travel unencrypted: "
                "set tls_certificate and tls_key, or listen on 127.0.0.1 behind a proxy that "
                "speaks TLS, or set allow_public if such a proxy reaches the mailbox by network"
            )
        return self

    @model_validator(mode="after")
    def _certificate_with_key(self) -> Self:
        if (self.tls_certificate is None) is not (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together: set both or none")
        return self


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
