"""A statement signed with Ed25519 as a compact JWS, so that any JOSE library can check it.

RFC 7515 §7.1 (compact serialisation), RFC 8037 §3.1 (EdDSA), RFC 7638 (the key's thumbprint).
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

ALGORITHM: Final = "EdDSA"
TYPE: Final = "kurze-wege-statement+json"
PARTS: Final = 3


class NotSigned(Exception):
    """The text is not signed by this key."""


class KeyUnusable(Exception):
    """The file holds no Ed25519 key in PEM."""


def private_key(pem: bytes) -> Ed25519PrivateKey:
    """The private key in a PEM file without a passphrase; raises KeyUnusable."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnusable("it holds no private key in PEM without a passphrase") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable("its key is not an Ed25519 key")
    return key


def public_key(pem: bytes) -> Ed25519PublicKey:
    """The public key in a PEM file; raises KeyUnusable."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable("it holds no public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusable("its key is not an Ed25519 key")
    return key


def sign(payload: bytes, key: Ed25519PrivateKey) -> str:
    """The payload and its signature as one text."""
    head = {"alg": ALGORITHM, "kid": thumbprint(key.public_key()), "typ": TYPE}
    said = f"{_encode(json.dumps(head, sort_keys=True).encode())}.{_encode(payload)}"
    return f"{said}.{_encode(key.sign(said.encode()))}"


def verify(text: str, key: Ed25519PublicKey) -> bytes:
    """The payload; raises NotSigned unless exactly this was signed by this key."""
    parts = text.strip().split(".")
    if len(parts) != PARTS:
        raise NotSigned("it is no compact JWS")
    try:
        head = json.loads(_decode(parts[0]))
        payload, signature = _decode(parts[1]), _decode(parts[2])
    except (ValueError, RecursionError) as error:
        raise NotSigned("it is no compact JWS") from error
    if not isinstance(head, dict) or head.get("alg") != ALGORITHM or head.get("typ") != TYPE:
        raise NotSigned("it is no signed statement")
    try:
        key.verify(signature, f"{parts[0]}.{parts[1]}".encode())
    except InvalidSignature:
        raise NotSigned("the signature is not this key's, or the text was changed") from None
    return payload


def thumbprint(key: Ed25519PublicKey) -> str:
    """The key's name: the SHA-256 of its JWK (RFC 7638 §3, RFC 8037 §2)."""
    x = _encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw))
    jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'
    return _encode(hashlib.sha256(jwk.encode()).digest())


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
