"""What the webhook needs to know: who is called where, and how patiently."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from schemas.model import PartyId


def _url(url: str) -> str:
    """Checked without quoting it: an address may hold what should not be shown."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("give an address like https://HOST/PATH")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("give the address without a user, a password and a fragment")
    return url


Url = Annotated[str, AfterValidator(_url)]


class Options(BaseModel):
    """Receivers and limits. The secrets stand in a file of their own."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    receivers: dict[PartyId, Url] = {}
    """The address of each party that is called: `https://HOST/PATH`."""
    secrets_file: Path | None = None
    """A file with the parties' secrets, one line each: party, blank, `whsec_…`."""
    store: Path = Path(".kurze-wege/webhook.sqlite")
    """The SQLite file in which deliveries wait for their receiver."""
    ca_file: Path | None = None
    """Certificates (PEM) of who signed the receivers'; without it the system's are trusted."""
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that may be called though they are not public: `10.20.0.0/16`."""
    allow_http: bool = False
    """Call `http://` addresses as well: events travel unencrypted."""
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 20
    """How long a call may take, from its first step to the answer."""
    first_retry_s: Annotated[float, Field(gt=0, le=3600)] = 5
    """How long a refused event waits before it is sent again; doubled each time."""
    longest_retry_s: Annotated[float, Field(gt=0, le=86_400)] = 900
    """How long it waits at most."""
    longest_asked_s: Annotated[float, Field(gt=0, le=86_400)] = 3600
    """How long a receiver's `Retry-After` is believed at most."""
    failures: Annotated[int, Field(ge=1, le=100)] = 5
    """After how many events in a row that could not be brought a receiver is left alone."""
    pause_s: Annotated[float, Field(gt=0, le=3600)] = 30
    """How long it is left alone; doubled each time, then one call shows whether it is back."""
    longest_pause_s: Annotated[float, Field(gt=0, le=86_400)] = 900
    """How long it is left alone at most."""
    alarm_attempts: Annotated[int, Field(ge=1)] = 10
    """After how many attempts an event that holds up its case is an error in the log."""
    max_waiting: Annotated[int, Field(ge=1)] = 50_000
    """How many events may wait for a receiver before no more are read for it."""
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 31
    """How many days it is remembered that an event was delivered; its content is not kept."""

    @model_validator(mode="after")
    def _encrypted(self) -> "Options":
        if not self.allow_http and any(url.startswith("http:") for url in self.receivers.values()):
            raise ValueError("receivers has http:// addresses: use https://, or set allow_http")
        return self
