"""Signatures of statements: checked by their key alone, and by other people's tools."""

import json
import subprocess
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from hub.trail.signature import (
    KeyUnusable,
    NotSigned,
    private_key,
    public_key,
    sign,
    thumbprint,
    verify,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PAYLOAD = b'{"count":3}'


def pem(key: Ed25519PrivateKey, how: KeySerializationEncryption | None = None) -> bytes:
    """The private key as a file."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how or NoEncryption())


def test_what_was_signed_comes_back() -> None:
    """The payload of a signed text is what was signed, a line feed at the end or not."""
    assert verify(sign(PAYLOAD, KEY) + "\n", KEY.public_key()) == PAYLOAD


def test_every_changed_character_shows() -> None:
    """No character of head, payload or signature can be exchanged."""
    text = sign(PAYLOAD, KEY)
    for place in range(len(text)):
        other = "A" if text[place] != "A" else "B"
        changed = text[:place] + other + text[place + 1 :]
        if _same_bytes(changed, text):
            continue
        with pytest.raises(NotSigned):
            verify(changed, KEY.public_key())


def test_another_key() -> None:
    """What somebody else signed is not the hub's."""
    other = Ed25519PrivateKey.generate()
    with pytest.raises(NotSigned):
        verify(sign(PAYLOAD, other), KEY.public_key())


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "é.é.é", "....", "e30.e30.e30"])
def test_nonsense(text: str) -> None:
    """Anything else is not signed."""
    with pytest.raises(NotSigned):
        verify(text, KEY.public_key())


@pytest.mark.parametrize("head", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "EdDSA"}, []])
def test_another_head(head: object) -> None:
    """A text signed for another purpose or by another way is no statement."""
    said = f"{_encode(json.dumps(head).encode())}.{_encode(PAYLOAD)}"
    with pytest.raises(NotSigned):
        verify(f"{said}.{_encode(KEY.sign(said.encode()))}", KEY.public_key())


def test_openssl_agrees(tmp_path: Path) -> None:
    """OpenSSL, given the public key, finds the signature good."""
    text = sign(PAYLOAD, KEY)
    said, _, signature = text.rpartition(".")
    (tmp_path / "said").write_bytes(said.encode())
    (tmp_path / "signature").write_bytes(urlsafe_b64decode(signature + "=="))
    (tmp_path / "key.pem").write_bytes(_public_pem(KEY.public_key()))
    words = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in said -sigfile signature"
    done = subprocess.run(words.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_keys_are_read_from_files() -> None:
    """Both keys come from PEM, and name each other."""
    assert private_key(pem(KEY)).public_key() == KEY.public_key()
    assert public_key(_public_pem(KEY.public_key())) == KEY.public_key()


def test_thumbprint() -> None:
    """The key's name is that of RFC 8037, appendix A.3."""
    x = urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    known = Ed25519PublicKey.from_public_bytes(x)
    assert thumbprint(known) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_other_keys_are_refused() -> None:
    """Another kind of key, an encrypted one and no key at all cannot be used."""
    curve = generate_private_key(SECP256R1())
    foreign = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for unusable in (b"", foreign, pem(KEY, BestAvailableEncryption(b"geheim"))):
        with pytest.raises(KeyUnusable):
            private_key(unusable)
    for unusable in (b"", pem(KEY), _public_pem(curve.public_key())):
        with pytest.raises(KeyUnusable):
            public_key(unusable)


def _public_pem(key: object) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined,no-any-return]


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _same_bytes(one: str, other: str) -> bool:
    """Whether only the last character's unused bits differ: base64 has several ways to end."""
    return [_decoded(part) for part in one.split(".")] == [
        _decoded(part) for part in other.split(".")
    ]


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
