"""Encrypts records and opens them, many at a time, with the keys of a keyring."""

import os
from collections.abc import Mapping, Sequence

from hub.vault.keyring import Keyring, Keys
from schemas.codec import HEADER_PREFIX, Record
from schemas.encryption import NONCE_BYTES, encrypt, is_encrypted, opened, subject_of


class Encrypter:
    """What a door does with events before they go to Kafka."""

    def __init__(self, keyring: Keyring) -> None:
        """Ask this keyring."""
        self._keyring = keyring

    def __call__(self, records: Sequence[Record]) -> Sequence[Record]:
        """The records, the data of persons encrypted; a subject's first makes its key.

        After its key was destroyed a record loses its value: a lane refuses it then, to its
        sender. Raises Later when the keys are away.
        """
        subjects = [to_encrypt(record) for record in records]
        keys = self._keyring.make(named(subjects))
        return [encrypted(*one, keys) for one in zip(records, subjects, strict=True)]


class Opener:
    """Opens single records for who reads topics on their own."""

    def __init__(self, keyring: Keyring | None) -> None:
        """Ask this keyring; without one nothing is opened."""
        self._keyring = keyring

    def __call__(self, record: Record) -> Record:
        """The record as it was before it was encrypted, as far as its key is there.

        Raises Later when the keys are away.
        """
        subject = subject_of(record) if is_encrypted(record) else None
        if self._keyring is None or subject is None:
            return record
        return decrypted(record, subject, self._keyring.find([subject]))


class Again:
    """Encrypts once more what was opened, to see whether it is what lay there."""

    def __init__(self, keyring: Keyring) -> None:
        """Ask this keyring."""
        self._keyring = keyring

    def __call__(self, attributes: Mapping[str, str], value: bytes, nonce: bytes) -> bytes | None:
        """The value as it lies there; None where its key is not here. Raises Later."""
        headers = [(HEADER_PREFIX + name, said.encode()) for name, said in attributes.items()]
        record = Record(None, value, headers)
        subject = subject_of(record)
        key = None if subject is None else self._keyring.find([subject]).get(subject)
        return None if key is None else encrypt(record, key, nonce).value


def to_encrypt(record: Record) -> str | None:
    """Whose key is to encrypt it; None where it is about nobody, or encrypted already."""
    return None if is_encrypted(record) else subject_of(record)


def named(subjects: Sequence[str | None]) -> set[str]:
    """Those whose keys are needed."""
    return {one for one in subjects if one is not None}


def encrypted(record: Record, subject: str | None, keys: Keys) -> Record:
    """The record, which is plain, with the key of its subject; as it is where it has none."""
    if subject is None:
        return record
    return encrypt(record, keys[subject], os.urandom(NONCE_BYTES))


def decrypted(record: Record, subject: str | None, keys: Keys) -> Record:
    """The record opened; as it is if it was not encrypted, or if no key that is here opens it.

    If its key was destroyed it has no value, which reads as `subject-erased`.
    """
    if subject is None or not is_encrypted(record) or subject not in keys:
        return record
    return opened(record, keys[subject]) or record
