"""Certificates made here: an authority of one's own that signs a few, and is then forgotten."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID: Final = timedelta(days=825)
_EARLIER: Final = timedelta(hours=1)
_SERVES_AND_ASKS: Final = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]


class Authority:
    """Signs certificates for as long as it is in memory.

    Its own key is written nowhere: who needs another certificate makes all of them anew.
    """

    def __init__(self, name: str) -> None:
        """Make its key, and the certificate with which others trust it."""
        self._now = datetime.now(UTC)
        self._key = _new_key()
        self._name = _named(name)
        self._own = (
            self._begun(self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def certificate(self) -> bytes:
        """Its own certificate (PEM), for everyone who shall trust it."""
        return self._own.public_bytes(serialization.Encoding.PEM)

    def issue(self, common: str, hosts: Sequence[str] = ()) -> bytes:
        """A new key and its certificate (PEM) for who has this name and is reached at these."""
        key = _new_key()
        begun = (
            self._begun(_named(common), key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage(_SERVES_AND_ASKS), critical=False)
        )
        if hosts:
            names = x509.SubjectAlternativeName([_host(one) for one in hosts])
            begun = begun.add_extension(names, critical=False)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        signed = begun.sign(self._key, hashes.SHA256())
        return private + signed.public_bytes(serialization.Encoding.PEM)

    def _begun(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - _EARLIER)
            .not_valid_after(self._now + VALID)
        )


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
