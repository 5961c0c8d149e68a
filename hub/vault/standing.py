"""How a record about a subject stands on its topic: readable, encrypted, or about nobody. Pure."""

from enum import StrEnum

from hub.vault.keyring import Keys
from schemas.codec import Record, decode
from schemas.encryption import is_encrypted, opened, subject_of
from schemas.errors import Unreadable


class Standing(StrEnum):
    """What anybody who has the record, and the vault, can read of it."""

    READABLE = "readable"
    """Its content stands there, or its key is still there."""
    ERASED = "erased"
    """It was encrypted, and nothing opens it any more."""
    ENVELOPE = "envelope"
    """It is there, and says nothing of a person: ids, codes and times."""


def standing(record: Record, subject: str, keys: Keys) -> Standing:
    """How a record of this subject stands, with the keys that are left."""
    if not record.value:
        return Standing.ENVELOPE
    if is_encrypted(record):
        key = keys.get(subject)
        is_open = key is not None and opened(record, key) is not None
        return Standing.READABLE if is_open else Standing.ERASED
    if subject_of(record) is not None:
        return Standing.READABLE
    try:
        decode(record)
    except Unreadable:
        return Standing.READABLE  # nobody knows what stands in it
    return Standing.ENVELOPE


def is_of(record: Record, subject: str) -> bool:
    """Whether it is about the subject: by its key, or by its envelope."""
    name = subject.encode()
    return record.key == name or ("ce_subject", name) in [tuple(one) for one in record.headers]
