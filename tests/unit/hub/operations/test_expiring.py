"""Which certificates and tokens a hub's settings name, read from real files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hub.broker.certificates import Authority
from hub.operations.expiring import expiring
from hub.settings import Settings

SOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
LATE = datetime(2027, 4, 6, 12, tzinfo=UTC)
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


def test_of_a_chain_the_first_end_counts(tmp_path: Path) -> None:
    """A file of two certificates stops working when the first of them does."""
    chain = tmp_path / "chain.pem"
    chain.write_bytes(certificate(LATE) + certificate(SOON))
    (found,) = expiring(settings(kafka={"ca_file": chain})).certificates

    assert (found.setting, found.file, found.until) == ("kafka.ca_file", str(chain), SOON)


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
