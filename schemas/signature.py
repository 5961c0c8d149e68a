"""Signatures of events: Ed25519 as JWS over what an event says and the digest of its data.

RFC 7515 (JWS; appendix F: a payload that is left out), RFC 8037 and RFC 9864 (Ed25519 in JOSE),
RFC 8785 (how the payload is written). Pure: keys and times are arguments.
"""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic_core import from_json, to_json

from schemas.codec import HEADER_PREFIX, Record
from schemas.envelope import ENCRYPTED_AS, SEAL, SIGNATURE, Context

ALGORITHM: Final = "Ed25519"
ALGORITHMS: Final = frozenset({ALGORITHM, "EdDSA"})
"""What is read: the name of RFC 9864, and that of RFC 8037 which it replaces."""
DATA: Final = "data"
"""The member with the data's digest; no attribute may have this name (CloudEvents 1.0, 3.1)."""
OUTPUTS: Final = "outputs"
"""The member of a seal with the digest of each output it was made for."""
_NOT_SIGNED: Final = frozenset({"traceparent", SIGNATURE, SEAL, ENCRYPTED_AS})
SIGNED: Final = tuple(sorted({DATA, *Context.model_fields} - _NOT_SIGNED))
"""What a sender signs of an event, in the order in which it is written: all that is declared but
the trace, which every door continues."""
SEALED: Final = tuple(sorted({*SIGNED, SIGNATURE}))
"""What the hub seals of what it sends: the sender's signature too."""
SIGNATURE_HEADER: Final = HEADER_PREFIX + SIGNATURE
SEAL_HEADER: Final = HEADER_PREFIX + SEAL
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")
_SIGNATURE_BYTES: Final = 64
_PARTS: Final = 3
_HEADER_OF: Final = {name: HEADER_PREFIX + name for name in SEALED}
_SIGNED: Final = tuple((name, _HEADER_OF[name]) for name in SIGNED)
_SEALED: Final = tuple((name, _HEADER_OF[name]) for name in SEALED)


class NotSigned(Exception):
    """The text is no signature of this kind."""


class Head(NamedTuple):
    """What a signature says of itself: its protected header."""

    kid: str
    """The key's name."""
    at_s: int
    """When it was made, by its maker: seconds since 1970."""


class Jws(NamedTuple):
    """A signature taken apart."""

    head: Head
    payload: bytes | None
    """None where it was left out: who checks it knows it."""
    signature: bytes
    protected: str
    """The header as it was written: it is signed in this form."""


def statement(attributes: Mapping[str, str], value: bytes, names: Iterable[str] = SIGNED) -> bytes:
    """What is signed of an event: these attributes of it, and the digest of its data.

    A JSON object by RFC 8785. `value`: the data's bytes as they lie on the topic.
    """
    return statement_of(attributes, digest(value), names)


def statement_of(attributes: Mapping[str, str], data: str, names: Iterable[str] = SIGNED) -> bytes:
    """The same of data with this digest."""
    said = {**attributes, DATA: data}
    return to_json({name: said[name] for name in names if said.get(name)})


def sealed_statement(record: Record) -> bytes:
    """What is sealed of a record in binary mode that the hub sends."""
    said = dict(record.headers)
    said[_HEADER_OF[DATA]] = digest(record.value or b"").encode()
    return to_json({name: said[header] for name, header in _SEALED if header in said})


def signed_statement(record: Record) -> bytes:
    """What is signed of a record in binary mode whose headers are sound."""
    said = dict(record.headers)
    said[_HEADER_OF[DATA]] = digest(record.value or b"").encode()
    return to_json({name: said[header] for name, header in _SIGNED if said.get(header)})


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, base64url."""
    return _encode(hashlib.sha256(data).digest())


def signed_bytes(protected: str, payload: bytes) -> bytes:
    """What the signature is made of: this header and this payload."""
    return f"{protected}.{_encode(payload)}".encode()


class Signer:
    """A private key with its name."""

    def __init__(self, kid: str, key: Ed25519PrivateKey) -> None:
        """Sign with this key."""
        self.kid = kid
        self._key = key
        self._last = (-1, "")

    def sign(self, payload: bytes, at_s: int) -> str:
        """The signature of a payload that is left out: `header..signature`."""
        protected = self._protected(at_s)
        made = self._key.sign(signed_bytes(protected, payload))
        return f"{protected}..{_encode(made)}"

    def sign_whole(self, payload: bytes, at_s: int) -> str:
        """The signature with its payload in it, as any JOSE library reads it."""
        said = signed_bytes(self._protected(at_s), payload)
        return f"{said.decode()}.{_encode(self._key.sign(said))}"

    def _protected(self, at_s: int) -> str:
        """The header; all that is signed within a second has the same."""
        made_at, protected = self._last
        if made_at != at_s:
            head = {"alg": ALGORITHM, "iat": at_s, "kid": self.kid}
            protected = _encode(to_json(head))
            self._last = (at_s, protected)
        return protected


def attached(detached: str, said: bytes) -> bytes:
    """A signature whose payload was left out, with it; `said`: the bytes that were signed."""
    return said + detached[detached.rindex(".") :].encode()


def taken_apart(text: str) -> Jws:
    """A signature as it was written; raises NotSigned."""
    parts = text.split(".")
    if len(parts) != _PARTS:
        raise NotSigned("it is no compact JWS")
    protected, payload, signature = parts
    made = _decode(signature)
    if len(made) != _SIGNATURE_BYTES:
        raise NotSigned("it has not the length of an Ed25519 signature")
    return Jws(_head(protected), _decode(payload) if payload else None, made, protected)


def is_by(jws: Jws, payload: bytes, key: Ed25519PublicKey) -> bool:
    """Whether this key has signed this payload with this header."""
    try:
        key.verify(jws.signature, signed_bytes(jws.protected, payload))
    except InvalidSignature:
        return False
    return True


def seal_payload(digests: Iterable[str]) -> bytes:
    """What the hub signs once for all that followed from one record: the digest of each."""
    return to_json({OUTPUTS: list(digests)})


def sealed_digests(payload: bytes) -> frozenset[str]:
    """The digests that a seal names; raises NotSigned."""
    try:
        said = from_json(payload)
    except ValueError as error:
        raise NotSigned("what it seals cannot be read") from error
    outputs = said.get(OUTPUTS) if isinstance(said, dict) else None
    if not isinstance(outputs, list) or not all(isinstance(one, str) for one in outputs):
        raise NotSigned("what it seals cannot be read")
    return frozenset(outputs)


def public_key(text: str) -> Ed25519PublicKey:
    """The public key in its 32 bytes, base64url (RFC 8037: `x`); raises ValueError."""
    try:
        return Ed25519PublicKey.from_public_bytes(_decode(text))
    except NotSigned as error:
        raise ValueError(str(error)) from error


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as it stands in the registry of keys."""
    return _encode(key.public_bytes_raw())


@lru_cache(maxsize=4096)
def _head(protected: str) -> Head:
    """The header; what is signed within a second by one key has the same."""
    try:
        said = from_json(_decode(protected))
    except ValueError as error:
        raise NotSigned("its header cannot be read") from error
    if not isinstance(said, dict) or said.get("alg") not in ALGORITHMS or "crit" in said:
        raise NotSigned("its header is not one of these signatures")
    kid, at_s = said.get("kid"), said.get("iat")
    if not isinstance(kid, str) or type(at_s) is not int:
        raise NotSigned("its header names no key or no time")
    return Head(kid, at_s)


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """Strictly: what is not base64url raises NotSigned, and one value has one spelling."""
    if _BASE64URL.fullmatch(text) is None:
        raise NotSigned("it is not base64url")
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise NotSigned("it is not base64url") from error
    if _encode(data) != text:
        raise NotSigned("it is not base64url")
    return data
