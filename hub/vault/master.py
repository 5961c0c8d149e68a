"""The master key: what the keys of subjects are wrapped with, kept in a file apart from them.

The file has a line for each: the first wraps, those behind it only open what they have wrapped,
until `hub vault rewrap` has wrapped all keys anew. A line is 32 bytes in URL-safe base64.
"""

import os
from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from connectors.errors import Broken
from hub.errors import ConfigError
from schemas.encryption import KEY_BYTES, NONCE_BYTES

SETTING: Final = "vault.master_key_file"
_REMEDY: Final = "Make it with `hub secrets make FOLDER`: vault_master_key."


class Master:
    """The master keys of a file, the newest first."""

    def __init__(self, raw: Sequence[bytes]) -> None:
        """Wrap with the first of them; there is one at least."""
        self.name = _name(raw[0])
        self._ciphers = {_name(one): AESGCM(one) for one in raw}

    @property
    def names(self) -> frozenset[str]:
        """Under which names its keys stand beside what they have wrapped."""
        return frozenset(self._ciphers)

    def wrap(self, key: bytes, subject: str) -> bytes:
        """The key of this subject, wrapped by the first."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._ciphers[self.name].encrypt(nonce, key, subject.encode())

    def unwrap(self, wrapped: bytes, name: str | None, subject: str) -> bytes:
        """The key of this subject; raises Broken when this file's keys did not wrap it."""
        cipher = self._ciphers.get(name or "")
        try:
            if cipher is not None:
                nonce, encrypted = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
                return cipher.decrypt(nonce, encrypted, subject.encode())
        except InvalidTag:
            pass
        raise Broken(f"The keys in the vault were not wrapped by what stands in {SETTING}.")


def load(file: Path | None) -> Master:
    """The master keys in the file; raises ConfigError."""
    if file is None:
        raise ConfigError("There is a vault, and no master key.", where=SETTING, remedy=_REMEDY)
    try:
        lines = file.read_text("ascii").split()
        raw = [urlsafe_b64decode(line) for line in lines]
    except OSError as error:
        what = f"Cannot read it: {error.strerror}."
        raise ConfigError(what, where=str(file), remedy=_REMEDY) from None
    except (UnicodeDecodeError, Error):
        raw = []
    if not raw or any(len(one) != KEY_BYTES for one in raw):
        what = "Each line must be 32 bytes in URL-safe base64."
        raise ConfigError(what, where=str(file), remedy=_REMEDY) from None
    return Master(raw)


def _name(raw: bytes) -> str:
    return blake2b(raw, digest_size=8, person=b"master").hexdigest()
