"""Seals a text so that only its maker can read it, and only for what it was sealed for."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12


class Seal:
    """AES-256-GCM (NIST SP 800-38D) with one key."""

    def __init__(self, key: bytes) -> None:
        """Seal with this key of 32 bytes."""
        self._cipher = AESGCM(key)

    @classmethod
    def of(cls, secret: str) -> Self:
        """The seal of whoever knows this secret of 256 random bits."""
        return cls(sha256(b"seal:" + secret.encode()).digest())

    def close(self, text: str, about: str, nonce: bytes) -> str:
        """The text, sealed for this purpose; `nonce`: 12 random bytes, never twice the same."""
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), about.encode())
        return urlsafe_b64encode(sealed).decode()

    def open(self, sealed: str, about: str) -> str | None:
        """What was sealed for this purpose; None if it was not, or was changed."""
        try:
            raw = urlsafe_b64decode(sealed.encode())
            nonce, rest = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
            return self._cipher.decrypt(nonce, rest, about.encode()).decode()
        except (NotBase64, ValueError, InvalidTag):
            return None
