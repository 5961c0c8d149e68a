"""Which files of certificates the settings name, and when they end: one reader for all who ask."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.x509 import load_pem_x509_certificates

from hub.settings import Settings
from hub.settings_fields import every_value

AUTHORITIES: Final = "ca_file"
OWN: Final = "certificate"
"""How the names of the settings end that name certificates."""


def files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Each setting that names certificates, with its file."""
    for setting, value in every_value(settings):
        if isinstance(value, Path) and setting.name.endswith((AUTHORITIES, OWN)):
            yield setting.name, value


def end(setting: str, content: bytes) -> datetime:
    """When the certificates (PEM) of this setting are of no use any more; raises ValueError.

    Of a chain the first to end counts: it is shown whole. Of authorities that are trusted the last:
    beside the one in use lies the one that was or will be, and a system's many end all the time.
    """
    ends = [one.not_valid_after_utc for one in load_pem_x509_certificates(content)]
    return max(ends) if setting.endswith(AUTHORITIES) else min(ends)
