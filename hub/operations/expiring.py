"""Which certificates and tokens these settings name, and when they end: read from their files."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates

from connectors.callers.credential_file import TokensUnreadable, read_credentials
from connectors.callers.credentials import Credential
from hub.board.expiring import Expiring, Expiry, Tokens
from hub.settings import Settings


def expiring(settings: Settings) -> Expiring:
    """All of it, as it is now."""
    certificates = [
        _expiry(setting, file) for setting, file in _certificate_files(settings) if file
    ]
    certificates += _ending_tokens(settings)
    return Expiring(tuple(certificates), tuple(_tokens(settings)))


def _ending_tokens(settings: Settings) -> Iterator[Expiry]:
    """The tokens in files that have an end; those of a file that cannot be read are not known."""
    for setting, file in (
        ("http_api.tokens_file", settings.http_api.tokens_file),
        ("mailbox.tokens_file", settings.mailbox.tokens_file),
    ):
        for one in _credentials(file):
            if one.until is not None:
                yield Expiry(setting, f"{one.party} ({one.name})", one.until)


def _credentials(file: Path | None) -> list[Credential]:
    try:
        return read_credentials(file) if file else []
    except TokensUnreadable:
        return []


def _certificate_files(settings: Settings) -> Iterator[tuple[str, Path | None]]:
    yield "kafka.ca_file", settings.kafka.ca_file
    yield "kafka.client_certificate", settings.kafka.client_certificate
    yield "http_api.tls_certificate", settings.http_api.tls_certificate
    yield "http_api.tls_client_ca_file", settings.http_api.tls_client_ca_file
    yield "mailbox.tls_certificate", settings.mailbox.tls_certificate
    yield "mailbox.tls_client_ca_file", settings.mailbox.tls_client_ca_file
    yield "http_api.oauth.ca_file", settings.http_api.oauth.ca_file
    yield "mailbox.oauth.ca_file", settings.mailbox.oauth.ca_file
    yield "web.tls_certificate", settings.web.tls_certificate
    yield "web.oidc.ca_file", settings.web.oidc.ca_file
    yield "monitor.accounts.oidc.ca_file", settings.monitor.accounts.oidc.ca_file
    yield "webhook.ca_file", settings.webhook.ca_file
    yield "monitor.probe.ca_file", settings.monitor.probe.ca_file


def _expiry(setting: str, file: Path) -> Expiry:
    try:
        ends = [one.not_valid_after_utc for one in load_pem_x509_certificates(file.read_bytes())]
    except (OSError, ValueError):
        ends = []
    return Expiry(setting, str(file), min(ends, default=None))


def _tokens(settings: Settings) -> Iterator[Tokens]:
    for section, held in (
        ("http_api.tokens", settings.http_api.tokens),
        ("mailbox.tokens", settings.mailbox.tokens),
    ):
        if held:
            yield Tokens(section, len(held), None)
    for setting, file in (
        ("http_api.tokens_file", settings.http_api.tokens_file),
        ("mailbox.tokens_file", settings.mailbox.tokens_file),
        ("webhook.secrets_file", settings.webhook.secrets_file),
    ):
        known = [] if setting == "webhook.secrets_file" else _credentials(file)
        if file and not (known and all(one.until for one in known)):
            yield Tokens(setting, None, _changed_at(file))


def _changed_at(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return None
