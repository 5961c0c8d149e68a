"""Opens deliveries before a sink keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import structlog

from connectors.base import Delivered, Sink
from connectors.errors import Later
from hub.vault.encrypter import named
from hub.vault.keyring import Keyring, Keys
from schemas.codec import Record
from schemas.encryption import is_encrypted, opened_for, subject_of

RETRY_AFTER_S: Final = 10.0
"""How long to leave deliveries alone whose key is not here, in seconds."""
log = structlog.get_logger()


class Opening:
    """A sink before which deliveries are opened.

    A delivery whose key was destroyed says nothing any more and is passed over. One whose key is
    not here is handed in again until it is: a vault that is not configured, or that was restored
    from an old backup, loses nothing.
    """

    def __init__(self, sink: Sink, keyring: Keyring | None) -> None:
        """Hand to this sink what the keyring opens; without one nothing is encrypted."""
        self._sink = sink
        self._keyring = keyring

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """Those of the sink."""
        return self._sink.positions(topics)

    def write(self, deliveries: Sequence[Delivered]) -> None:
        """Keep all that can be read; raises Later also when a key is not here."""
        if not any(is_encrypted(one.record) for one in deliveries):
            self._sink.write(deliveries)
            return
        if self._keyring is None:
            raise Later(RETRY_AFTER_S, "deliveries are encrypted, and vault.database is not set")
        subjects = [
            subject_of(one.record) if is_encrypted(one.record) else None for one in deliveries
        ]
        keys = self._keyring.find(named(subjects))
        if any(one not in keys for one in named(subjects)):
            raise Later(RETRY_AFTER_S, "deliveries are encrypted with keys that the vault has not")
        left = [
            replace(one, record=_opened(one.record, subject, keys))
            for one, subject in zip(deliveries, subjects, strict=True)
            if not _is_erased(subject, keys)
        ]
        if len(left) < len(deliveries):
            log.info("deliveries_erased", deliveries=len(deliveries) - len(left))
        if left:
            self._sink.write(left)

    def close(self) -> None:
        """Let go of what the sink holds."""
        self._sink.close()


def _opened(record: Record, subject: str | None, keys: Keys) -> Record:
    if subject is None:
        return record
    return opened_for(record, keys[subject]) or record


def _is_erased(subject: str | None, keys: Keys) -> bool:
    return subject is not None and keys[subject] is None
