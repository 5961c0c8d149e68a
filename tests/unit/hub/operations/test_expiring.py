"""Which certificates and tokens a hub's settings name, read from real files."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hub.broker.certificates import Authority
from hub.doctor import files
from hub.monitor.expiring import Expiry
from hub.monitor.look import Look
from hub.operations.expiring import expiring
from hub.operations.monitor import _look
from hub.origins import load
from hub.settings import Settings
from hub.settings_fields import every_value
from tests.support.looks import ends
from tests.support.looks import look as a_look

SOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
LATE = datetime(2027, 4, 6, 12, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HASH = "ab" * 32


def certificate(until: datetime) -> bytes:
    """One that ends then."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(until - timedelta(days=90))
        .not_valid_after(until)
    )
    return made.sign(key, None).public_bytes(Encoding.PEM)


def settings(**said: Any) -> Settings:  # noqa: ANN401 - sections of settings
    """Settings in which this is said."""
    return Settings(**said)


def _two(folder: Path) -> Path:
    """A file with two certificates."""
    file = folder / "two.pem"
    file.write_bytes(certificate(LATE) + certificate(SOON))
    return file


CHAINS = ("http_api.tls_certificate", "kafka.client_certificate")
AUTHORITIES = ("kafka.ca_file", "web.oidc.ca_file", "webhook.ca_file")


@pytest.mark.parametrize(
    ("setting", "end"),
    [*((name, SOON) for name in CHAINS), *((name, LATE) for name in AUTHORITIES)],
)
def test_board_and_doctor_read_the_same(tmp_path: Path, setting: str, end: datetime) -> None:
    """A chain stops working with the first of its ends, trusted authorities with the last."""
    file, key = _two(tmp_path), tmp_path / "key.pem"
    key.write_bytes(Authority("an authority").issue("the door"))
    keys = {"http_api.tls_key": str(key)} if setting.startswith("http_api") else {}
    given = load({setting: str(file), **keys})
    (found,) = expiring(given).certificates
    (said,) = (one for one in files.of(given, NOW) if one.part == f"file {setting}")

    assert (found.setting, found.file, found.until) == (setting, str(file), end)
    assert f"good until {end:%Y-%m-%d}" in said.found


def test_no_setting_is_forgotten(tmp_path: Path) -> None:
    """Each setting whose meaning speaks of certificates, and that names a file, is read."""
    asked = {
        one.name
        for one, value in every_value(load({}))
        if value is None and re.search("[Cc]ertificates? (chain )?(and|\\(PEM)", one.meaning)
    }
    file = _two(tmp_path)
    keys = {name.replace("tls_certificate", "tls_key"): str(file) for name in asked}
    found = expiring(load(dict.fromkeys(asked, str(file)) | keys)).certificates

    assert {*CHAINS, *AUTHORITIES, "tracing.ca_file"} <= asked
    assert {one.setting for one in found} == asked


def test_the_monitor_sees_what_ends(tmp_path: Path) -> None:
    """What the monitor's settings name stands in each look at the broker."""
    file = _two(tmp_path)

    class Looking:
        def look(self) -> Look:
            return a_look(SOON, {}, ends(0))

    seen = _look(load({"kafka.ca_file": str(file)}), Looking())  # type: ignore[arg-type]  # looks only

    assert seen.expiring == (Expiry("kafka.ca_file", str(file), LATE),)


def test_a_key_beside_a_certificate_is_passed_over(tmp_path: Path) -> None:
    """Of a file with both, as the broker is shown it, the certificate's end counts."""
    both = tmp_path / "operator.pem"
    both.write_bytes(Authority("an authority").issue("the operator"))
    (found,) = expiring(settings(kafka={"client_certificate": both})).certificates

    assert found.setting == "kafka.client_certificate"
    assert found.until is not None
    assert found.until > datetime.now(UTC)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Missing or no certificate: neither is passed over."""
    broken = tmp_path / "broken.pem"
    broken.write_text("not a certificate")
    said = settings(kafka={"ca_file": broken}, webhook={"ca_file": tmp_path / "missing.pem"})

    assert [(one.setting, one.until) for one in expiring(said).certificates] == [
        ("kafka.ca_file", None),
        ("webhook.ca_file", None),
    ]


def test_tokens_are_counted_and_never_told(tmp_path: Path) -> None:
    """How many there are, and when their file was changed; neither a token nor its hash."""
    file = tmp_path / "tokens"
    file.write_text(f"{HASH} kfb\n")
    said = settings(http_api={"tokens": {HASH: "kfb"}, "tokens_file": file})
    held, named = expiring(said).tokens

    assert (held.setting, held.number, held.changed_at) == ("http_api.tokens", 1, None)
    assert (named.setting, named.number) == ("http_api.tokens_file", None)
    assert named.changed_at is not None
    assert HASH not in repr((held, named))


def test_a_token_with_an_end_is_told_by_it(tmp_path: Path) -> None:
    """Like a certificate that ends; that the file's do not expire is said while one has no end."""
    file = tmp_path / "tokens"
    file.write_text(f"{HASH} kfb until={SOON.isoformat()}\n{'cd' * 32} 06432005\n")
    said = settings(mailbox={"tokens_file": file})
    (found,) = expiring(said).certificates

    assert (found.setting, found.until) == ("mailbox.tokens_file", SOON)
    assert found.file == "kfb (abababab)"
    assert [one.setting for one in expiring(said).tokens] == ["mailbox.tokens_file"]
    file.write_text(f"{HASH} kfb until={SOON.isoformat()}\n")
    assert expiring(said).tokens == ()


def test_settings_that_name_none() -> None:
    """A hub on one machine has neither."""
    assert expiring(settings()) == ((), ())
