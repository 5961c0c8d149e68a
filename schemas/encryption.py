"""Encrypts what an event says about a person with its subject's key; the envelope stays readable.

An encrypted record has the headers of its event, `content-type` apart, and as its value:

    1 byte   the version of this form: 1
    12 bytes the nonce
    n bytes  the data, AES-256-GCM, bound to id, source, type and subject of the event
    16 bytes the tag

Nothing but the key opens it; once that is destroyed the record is still there, in its place, and
says nothing (GDPR Art. 17). A record without a value was encrypted after its key had
been destroyed. Pure.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.codec import CONTENT_TYPE, ENCRYPTED, HEADER_PREFIX, JSON, Record
from schemas.envelope import ENCRYPTED_AS
from schemas.events import ALL
from schemas.signature import SEAL_HEADER, SIGNATURE_HEADER, digest
from schemas.vocabulary import Classification

KEY_BYTES: Final = 32
"""A subject's key: 256 bits."""
NONCE_BYTES: Final = 12
"""As AES-GCM wants it; by chance, so a key may encrypt four thousand million records."""
ENCRYPTED_AS_HEADER: Final = HEADER_PREFIX + ENCRYPTED_AS
FORM: Final = b"\x01"
_JSON_HEADER: Final = (CONTENT_TYPE, JSON)
_ENCRYPTED_HEADER: Final = (CONTENT_TYPE, ENCRYPTED)
_SUBJECT: Final = f"{HEADER_PREFIX}subject"
_TYPE: Final = f"{HEADER_PREFIX}type"
_CLASS: Final = f"{HEADER_PREFIX}dataclassification"
_BOUND: Final = (f"{HEADER_PREFIX}id", f"{HEADER_PREFIX}source", _TYPE, _SUBJECT)
_CASE: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{2,63}")
"""`schemas.model.CaseId`, in bytes."""
_SOCIAL: Final = Classification.SOCIAL.value.encode()
_SOCIAL_TYPES: Final = frozenset(
    model.wire_type().encode() for model in ALL if model.CLASSIFICATION is Classification.SOCIAL
)


class Key(NamedTuple):
    """A subject's key, ready for use."""

    cipher: AESGCM
    secret: bytes
    """Keys the digest of what an event says: without it nobody can try what it may have been."""

    @classmethod
    def of(cls, raw: bytes) -> Self:
        """The key made of these 32 bytes."""
        return cls(AESGCM(raw), blake2b(key=raw, person=b"digest", digest_size=32).digest())


def subject_of(record: Record) -> str | None:
    """Whose key encrypts the record; None where its data are about nobody.

    About a person is what is classified as social data, by its sender or by the contract.
    """
    headers = dict(record.headers)
    if headers.get(_CLASS) != _SOCIAL and headers.get(_TYPE) not in _SOCIAL_TYPES:
        return None
    return _subject(headers)


def is_encrypted(record: Record) -> bool:
    """Whether its value was encrypted."""
    return _ENCRYPTED_HEADER in record.headers


def encrypt(record: Record, key: Key | None, nonce: bytes) -> Record:
    """The record encrypted; with a key that was destroyed it loses its value.

    `nonce`: 12 bytes that were never used before.
    """
    headers = _with_kind(_ENCRYPTED_HEADER, record)
    if key is None:
        return Record(record.key, b"", headers)
    encrypted = key.cipher.encrypt(nonce, record.value or b"", _bound(dict(record.headers)))
    return Record(record.key, b"".join((FORM, nonce, encrypted)), headers)


def opened(record: Record, key: Key | None) -> Record | None:
    """The record as it was before it was encrypted; None if this key does not open it.

    With a key that was destroyed it has no value, as if it had been encrypted just now.
    """
    if key is None:
        return record._replace(value=b"")
    value = record.value or b""
    if not value:
        return record
    if value[:1] != FORM or len(value) <= 1 + NONCE_BYTES:
        return None
    nonce, encrypted = value[1 : 1 + NONCE_BYTES], value[1 + NONCE_BYTES :]
    try:
        data = key.cipher.decrypt(nonce, encrypted, _bound(dict(record.headers)))
    except InvalidTag:
        return None
    return Record(record.key, data, _with_kind(_JSON_HEADER, record))


def opened_for(record: Record, key: Key | None) -> Record | None:
    """As `opened`; what was signed or sealed says how it lay there, so that both can be checked."""
    left = opened(record, key)
    names = {name for name, _ in record.headers}
    if left is None or not left.value or not names & {SIGNATURE_HEADER, SEAL_HEADER}:
        return left
    lay = record.value or b""
    nonce = urlsafe_b64encode(lay[1 : 1 + NONCE_BYTES]).decode()
    said = f"{nonce}.{digest(lay)}".encode()
    return Record(left.key, left.value, [*left.headers, (ENCRYPTED_AS_HEADER, said)])


def _with_kind(kind: tuple[str, bytes], record: Record) -> list[tuple[str, bytes]]:
    """The headers, with this as what says of which kind the value is."""
    headers = [one for one in record.headers if one[0] != CONTENT_TYPE]
    headers.insert(0, kind)
    return headers


def _subject(headers: Mapping[str, bytes]) -> str | None:
    """The subject, if it is one: what is none is refused, and never comes to the vault."""
    said = headers.get(_SUBJECT) or b""
    return said.decode() if _CASE.fullmatch(said) else None


def _bound(headers: Mapping[str, bytes]) -> bytes:
    """What the encrypted data belong to: moved to another envelope they do not open."""
    return b"\n".join([headers.get(name) or b"" for name in _BOUND])
