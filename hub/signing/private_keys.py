"""The private halves of keys: PEM files (PKCS#8), each found by its public half."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hub.errors import ConfigError
from hub.signing.keys import Keys
from schemas.signature import Signer, public_text

ENDING: Final = ".pem"
WRITABLE: Final = 0o022
"""The rights of group and others to write."""
_PEM: Final = re.compile(rb"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", re.DOTALL)


def files(private: Path) -> list[Path]:
    """The files that are meant: this one, or every `.pem` of this folder."""
    if private.is_dir():
        return sorted(file for file in private.iterdir() if file.suffix == ENDING)
    return [private]


def load_signers(private: Path, keys: Keys) -> dict[str, Signer]:
    """Whoever can sign here, by the names of their keys; raises ConfigError.

    A private key that the registry does not know is left alone: it may be declared later.
    """
    kids = {key.public: key.kid for key in keys}
    found: dict[str, Signer] = {}
    for public, key in _pairs(files(private)):
        if (kid := kids.get(public)) is not None:
            found[kid] = Signer(kid, key)
    return found


def _pairs(found: Iterable[Path]) -> Iterator[tuple[str, Ed25519PrivateKey]]:
    for file in found:
        for pem in _PEM.findall(_content(file)):
            try:
                key = load_pem_private_key(pem, None)
            except (ValueError, TypeError) as error:
                raise _unusable(file, "It holds no private key in PEM.") from error
            if not isinstance(key, Ed25519PrivateKey):
                raise _unusable(file, "Its key is not an Ed25519 key.")
            yield public_text(key.public_key()), key


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_mode & WRITABLE:
            what = "Others than its owner may write it."
            raise ConfigError(what, where=str(file), remedy=f"chmod go-w {file}")
        return file.read_bytes()
    except OSError as error:
        raise _unusable(file, f"Cannot read it: {error.strerror}.") from error


def _unusable(file: Path, what: str) -> ConfigError:
    remedy = "Name a file, or a folder of files, as `hub signing issue` writes them."
    return ConfigError(what, where=str(file), remedy=remedy)
