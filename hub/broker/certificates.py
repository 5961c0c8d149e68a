"""Certificates of the embedded Kafka: an authority of its own, one certificate for its nodes.

Made once in a folder and kept; nobody else trusts the authority, and it signs nothing else.
"""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.broker.ports import HOST

NODES: Final = "kurze-wege-kafka"
"""The common name of the nodes; Kafka knows them as `User:CN=kurze-wege-kafka`."""
VALID: Final = timedelta(days=825)
_AUTHORITY: Final = "Kurze Wege, embedded Kafka"
_EARLIER: Final = timedelta(hours=1)
_SERVES_AND_ASKS: Final = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]


def make(authority: Path, node: Path) -> None:
    """Write the authority's certificate, and the nodes' key with their certificate, as PEM.

    The authority's own key is thrown away: who needs other certificates makes all of them anew.
    """
    now = datetime.now(UTC)
    their_key, own_key = _key(), _key()
    their_name, own_name = _name(_AUTHORITY), _name(NODES)
    theirs = (
        _begun(their_name, their_name, their_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(their_key, hashes.SHA256())
    )
    hosts = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))]
    )
    own = (
        _begun(own_name, their_name, own_key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(hosts, critical=False)
        .add_extension(x509.ExtendedKeyUsage(_SERVES_AND_ASKS), critical=False)
        .sign(their_key, hashes.SHA256())
    )
    private = own_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    authority.write_bytes(theirs.public_bytes(serialization.Encoding.PEM))
    node.touch(mode=0o600)
    node.write_bytes(private + own.public_bytes(serialization.Encoding.PEM))


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + VALID)
    )
