"""Opens what processors read and encrypts what they say, the keys of a batch fetched before.

The keys are asked for in a thread, so that a lane's loop goes on turning; save where they are near:
SQLite gives the interpreter away for each row, and to get it back takes longer than all the rest.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

import structlog

from connectors.errors import Later
from hub.domain.decision import (
    Decide,
    Decision,
    Due,
    Outgoing,
    Received,
    Ring,
    Searchable,
    State,
)
from hub.vault.encrypter import decrypted, encrypted, to_encrypt
from hub.vault.keyring import Keyring, Keys
from schemas.codec import Record
from schemas.encryption import encrypt, is_encrypted, subject_of

AGAIN_S: Final = 0.5
"""How soon a vault that was away is asked again, in seconds."""
log = structlog.get_logger()


class Encryption:
    """The vault of rules, by one keyring.

    A vault that is away is waited for in `ready`; the lane's own limit ends the worker after
    that, and nothing is lost. A key that is not at hand any more is asked for once more when it
    is needed; that raises Later when the vault is away.
    """

    def __init__(self, keyring: Keyring) -> None:
        """Ask this keyring."""
        self._keyring = keyring

    async def ready(self, records: Sequence[Received], others: Collection[str]) -> None:
        """Have the keys of these records at hand, and those that other subjects have."""
        plain: set[str] = set()
        needed = set(others)
        for one in records:
            if (subject := subject_of(one.record)) is not None:
                (needed if is_encrypted(one.record) else plain).add(subject)
        await self._fetch(needed - plain, self._keyring.find, in_thread=not self._keyring.is_near)
        await self._fetch(plain, self._keyring.make, in_thread=True)

    def deciding(self, decide: Decide) -> Decide:
        """What is decided of a record as its sender wrote it; what is said is encrypted.

        A record whose key was destroyed has no value, one that does not open stays encrypted: both
        are refused with a code.
        """

        def decided(received: Received, state: Searchable) -> Decision:
            plain, keys = self._opened(received)
            return self._with(keys, decide(plain, state))

        return decided

    def ringing(self, ring: Ring) -> Ring:
        """What a timer leads to, encrypted."""

        def encrypted_ring(due: Due, state: State) -> Decision:
            return self.encrypted(ring(due, state))

        return encrypted_ring

    def encrypted(self, decision: Decision) -> Decision:
        """The decision, the data of persons encrypted in what is to be written.

        What is to be said of a subject whose key was destroyed goes without its data.
        """
        return self._with({}, decision)

    def _with(self, keys: Keys, decision: Decision) -> Decision:
        """The decision encrypted; these keys need not be asked for."""
        decision.outputs[:] = self._written(decision.outputs, keys)
        return decision

    def _opened(self, received: Received) -> tuple[Received, Keys]:
        """The record as its sender wrote it, and the keys that were asked for."""
        subject = subject_of(received.record)
        if subject is None:
            return received, {}
        keys = self._keys_of(received.record, subject)
        return opened(received, subject, keys), keys

    def _keys_of(self, record: Record, subject: str) -> Keys:
        """The key of this subject; made where the record came plain and there was none."""
        ask = self._keyring.find if is_encrypted(record) else self._keyring.make
        return ask([subject])

    def _written(self, outputs: Sequence[Outgoing], keys: Keys) -> Iterator[Outgoing]:
        for one in outputs:
            subject = to_encrypt(one.record)
            if subject is None:
                yield one
                continue
            if subject not in keys:
                keys = self._keyring.make([subject])
            yield Outgoing(one.topic, encrypted(one.record, subject, keys), one.partition)

    async def _fetch(
        self,
        subjects: Collection[str],
        ask: Callable[[Collection[str]], Keys],
        *,
        in_thread: bool,
    ) -> None:
        waiting = False
        while len(self._keyring.at_hand(subjects)) < len(subjects):
            try:
                if in_thread:
                    await asyncio.to_thread(ask, subjects)
                else:
                    ask(subjects)
            except Later as later:
                if not waiting:
                    log.warning("waiting", doing="ask the vault for keys", why=later.why)
                waiting = True
            else:
                return
            await asyncio.sleep(AGAIN_S)


class Reading(Encryption):
    """The vault of who plays records again: it makes no keys, and what is decided stays plain.

    A record whose key was destroyed is judged otherwise than it was then: what a rebuilt state
    would say of its case cannot be told, and stays as it is.
    """

    def _with(self, keys: Keys, decision: Decision) -> Decision:  # noqa: ARG002
        """The decision as it is: nobody writes it."""
        return decision

    def _keys_of(self, record: Record, subject: str) -> Keys:  # noqa: ARG002
        """The key of this subject, where there is one."""
        return self._keyring.find([subject])


def opened(one: Received, subject: str, keys: Keys) -> Received:
    """The record as its sender wrote it, with what keys its digest."""
    key = keys.get(subject)
    secret = key.secret if key else b""
    if not is_encrypted(one.record):  # from a party that writes to Kafka itself
        erased = subject in keys and key is None
        return one._replace(
            record=encrypt(one.record, None, b"") if erased else one.record, secret=secret
        )
    record = decrypted(one.record, subject, keys)
    return one._replace(record=record, came_as=one.record, secret=secret)
