"""The credential sheet: what a party's administrator is handed, once, in German."""

from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from jinja2 import Environment, PackageLoader, StrictUndefined

from hub.domain.working_year import ZONE
from hub.errors import ConfigError
from hub.membership.issuing import Issued

FOLDER: Final = "sheets"
_PAGES: Final = Environment(
    loader=PackageLoader("hub.membership"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Addressed(NamedTuple):
    """Who gets it, and where everything is."""

    party: str
    name: str
    """Of the party, for people."""
    user: str
    """At the broker."""
    topic: str
    groups: str
    """How the names of its consumer groups begin."""
    bootstrap: str
    door_url: str
    mailbox_url: str
    contact: str
    authority: bytes | None
    """Who signed the brokers' certificate (PEM); None: one that every system trusts."""


def page(to: Addressed, issued: Issued, former_until: datetime | None) -> str:
    """The sheet as one page of HTML; `former_until`: how long what was given before still counts.

    Raises ConfigError where the authority's certificate cannot be read.
    """
    return _PAGES.get_template("sheet.html").render(
        to=to,
        issued=issued,
        credentials=issued.credentials,
        since=_said(issued.credentials.since),
        until=_said(issued.credentials.until),
        former_until=_said(former_until) if former_until else None,
        fingerprint=fingerprint(to.authority) if to.authority else None,
        authority=to.authority.decode("ascii").strip() if to.authority else None,
    )


def keep(folder: Path, party: str, number: int, text: str) -> Path:
    """Write a sheet where only its owner can read it; where it lies."""
    place = folder / FOLDER
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = place / f"{party}-{number}.html"
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")
    return file


def fingerprint(authority: bytes) -> str:
    """SHA-256 of a certificate (PEM), as `openssl x509 -fingerprint -sha256` prints it."""
    try:
        found = x509.load_pem_x509_certificate(authority).fingerprint(SHA256())
    except ValueError:
        what, remedy = "There is no certificate (PEM) in it.", "Name the brokers' authority."
        raise ConfigError(what, where="kafka.ca_file", remedy=remedy) from None
    return found.hex(":").upper()


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%d.%m.%Y, %H:%M} Uhr"
