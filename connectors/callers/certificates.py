"""By which keys a caller's certificate is known: its own hash, and the names that it bears.

OpenSSL has checked it before: its chain to `tls_client_ca_file`, its time and its purpose.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

_NAME: Final = re.compile(r"[!-~]{1,200}")


class Shown(NamedTuple):
    """A certificate that a caller showed."""

    keys: tuple[str, ...]
    """`certificate:<SHA-256>`, then its `uri:…` and `dns:…`: the first that is known counts."""
    until: datetime
    thumbprint: str
    """SHA-256 as RFC 8705 writes it, base64url."""


def shown_in(scope: Mapping[str, Any]) -> Shown | None:
    """The certificate of the connection (ASGI's TLS extension); None where none was shown."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())
    return _read(chain[0]) if chain else None


@lru_cache(maxsize=1024)
def _read(pem: str) -> Shown:
    certificate = x509.load_pem_x509_certificate(pem.encode())
    digest = certificate.fingerprint(SHA256())
    keys = (f"certificate:{digest.hex()}", *_names(certificate))
    thumbprint = urlsafe_b64encode(digest).rstrip(b"=").decode()
    return Shown(keys, certificate.not_valid_after_utc, thumbprint)


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    uris = [f"uri:{one}" for one in found.get_values_for_type(x509.UniformResourceIdentifier)]
    names = [f"dns:{one.lower()}" for one in found.get_values_for_type(x509.DNSName)]
    return [one for one in uris + names if _NAME.fullmatch(one)]
