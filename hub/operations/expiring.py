"""Which certificates and tokens these settings name, and when they end: read from their files."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from connectors.callers.credential_file import TokensUnreadable, read_credentials
from connectors.callers.credentials import Credential
from hub import certificates
from hub.monitor.expiring import Expiring, Expiry, Tokens
from hub.settings import Settings
from hub.settings_fields import every_value

HELD: Final = "tokens"
FILE: Final = "tokens_file"
SECRETS: Final = "secrets_file"
"""What settings are called that hold tokens, and that name a file of them or of secrets."""


def expiring(settings: Settings) -> Expiring:
    """All of it, as it is now."""
    ends = [_expiry(setting, file) for setting, file in certificates.files(settings)]
    return Expiring((*ends, *_ending_tokens(settings)), tuple(_tokens(settings)))


def _expiry(setting: str, file: Path) -> Expiry:
    try:
        until = certificates.end(setting, file.read_bytes())
    except (OSError, ValueError):
        until = None
    return Expiry(setting, str(file), until)


def _ending_tokens(settings: Settings) -> Iterator[Expiry]:
    """The tokens in files that have an end; those of a file that cannot be read are not known."""
    for setting, value in every_value(settings):
        if setting.path[-1] == FILE and isinstance(value, Path):
            for one in _credentials(value):
                if one.until is not None:
                    yield Expiry(setting.name, f"{one.party} ({one.name})", one.until)


def _credentials(file: Path) -> list[Credential]:
    try:
        return read_credentials(file)
    except TokensUnreadable:
        return []


def _tokens(settings: Settings) -> Iterator[Tokens]:
    for setting, value in every_value(settings):
        kind = setting.path[-1]
        if kind == HELD and isinstance(value, Mapping) and value:
            yield Tokens(setting.name, len(value), None)
        elif kind in (FILE, SECRETS) and isinstance(value, Path):
            known = _credentials(value) if kind == FILE else []
            if not (known and all(one.until for one in known)):
                yield Tokens(setting.name, None, _changed_at(value))


def _changed_at(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return None
