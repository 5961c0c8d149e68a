"""What the back office needs to know: whose it is, where it is kept, and where it is served."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator

from connectors.listening import is_loopback, is_open, require_word
from hub.access.options import AccountOptions, known_database
from schemas.model import PartyId


class Options(AccountOptions):
    """One party's back office."""

    party: PartyId | None = None
    """Whose back office it is; also `hub web --party`."""
    database: Annotated[SecretStr, AfterValidator(known_database)] = SecretStr(
        "sqlite:///.kurze-wege/desk.sqlite"
    )
    """This party's own database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`."""
    host: str = "127.0.0.1"
    """The address the pages are served at; one that others reach needs `public_url`, and TLS or
    to be said twice."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8093
    """Its port; 0: any that is free."""
    erase_after_days: Annotated[int, Field(ge=1)] = 90
    """How long a case that is over keeps what it says about a person."""
    contact: Annotated[str, StringConstraints(max_length=200)] = ""
    """Whom clerks turn to, as it stands on each page: a name, a phone number, an address."""
    tls_certificate: Path | None = None
    """The certificate chain (PEM); with `tls_key` the pages are served by HTTPS."""
    tls_key: Path | None = None
    """The certificate's private key (PEM)."""
    allow_public: bool = False
    """Listen for others without TLS, because a proxy in front has it; the first of two words."""

    @model_validator(mode="after")
    def _certificate_with_key(self) -> Self:
        if (self.tls_certificate is None) is not (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together: set both or none")
        return self

    @model_validator(mode="after")
    def _public_only_with_tls(self) -> Self:
        if not is_loopback(self.host) and not self.public_url.startswith("https://"):
            raise ValueError(
                "host is a public address, and sessions and social data would travel unencrypted: "
                "set public_url to the https:// address that clerks use, of a proxy in front or, "
                "with tls_certificate and tls_key, of the pages themselves"
            )
        if self.is_open:
            require_word(
                allow_public=self.allow_public,
                danger="between it and a proxy sessions and social data travel unencrypted",
                instead="set tls_certificate and tls_key, or listen on 127.0.0.1 beside the proxy",
            )
        return self

    @property
    def is_open(self) -> bool:
        """Whether others than this machine reach it, and not by TLS."""
        return is_open(self.host, encrypted=self.tls_certificate is not None, authenticated=True)
