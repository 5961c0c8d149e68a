"""The files that the settings name: readable, of use, and certificates not about to expire."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from connectors.callers.credential_file import TokensUnreadable, read_credentials
from connectors.webhook.secrets import SecretsUnreadable, read_secrets
from hub.certificates import AUTHORITIES, OWN, end
from hub.doctor.check import Check, Health
from hub.errors import ConfigError
from hub.monitor.expiring import SOON
from hub.settings import Settings
from hub.settings_fields import every_value
from hub.vault.master import load

PRIVATE: Final = ("tls_key", "signing_key", "secrets_file")
"""What nobody but the hub's user should be able to read."""
OTHERS: Final = 0o004
"""The right of everybody on the machine to read a file."""


def of(settings: Settings, now: datetime) -> Iterator[Check]:
    """Each file that the settings name; certificates with the day on which they expire."""
    for one, value in every_value(settings):
        if isinstance(value, Path) and one.path[-1].endswith(("_file", "_key", "_certificate")):
            yield _file(one.name, one.path[-1], value, settings, now)


def _file(setting: str, kind: str, file: Path, settings: Settings, now: datetime) -> Check:
    part = f"file {setting}"
    try:
        content = file.read_bytes()
    except OSError as error:
        remedy = "Correct the setting, or let the hub's user read the file."
        return Check(part, Health.FAIL, f"{file}: {type(error).__name__}", remedy)
    if kind.endswith((AUTHORITIES, OWN)):
        return certificates(part, file, content, now)
    try:
        _understand(setting, kind, file, content, settings)
    except (TokensUnreadable, SecretsUnreadable, ConfigError) as error:
        return Check(part, Health.FAIL, str(error), "Correct the file.")
    except (ValueError, TypeError):
        return Check(part, Health.FAIL, f"{file}: no key (PEM)", "Name a file with the key.")
    if kind in PRIVATE and file.stat().st_mode & OTHERS:
        return Check(part, Health.WARN, f"{file}: everybody may read it", f"chmod o= {file}")
    return Check(part, Health.OK, f"{file}: can be read")


def _understand(setting: str, kind: str, file: Path, content: bytes, settings: Settings) -> None:
    """Raise what is raised where the file is used."""
    if setting == "webhook.secrets_file":
        read_secrets(file, settings.webhook.receivers)
    elif kind == "tokens_file":
        read_credentials(file)
    elif kind == "master_key_file":
        load(file)
    elif kind == "public_key":
        load_pem_public_key(content)
    elif kind in ("tls_key", "signing_key"):
        load_pem_private_key(content, password=None)


def certificates(part: str, where: Path | str, content: bytes, now: datetime) -> Check:
    """Whether these certificates (PEM) are good for a while yet."""
    try:
        until = end(part, content)
    except ValueError:
        remedy = "Name a file of certificates (PEM)."
        return Check(part, Health.FAIL, f"{where}: no certificate", remedy)
    said = f"{where}: good until {until.astimezone(UTC):%Y-%m-%d}"
    if until <= now:
        return Check(part, Health.FAIL, f"{said}, expired", "Renew it and restart who uses it.")
    if until - now < SOON:
        remedy = "Renew it soon and restart who uses it."
        return Check(part, Health.WARN, f"{said}, {(until - now).days} days", remedy)
    return Check(part, Health.OK, said)
