"""A lane's seals: the keys of a batch asked for in a thread, so that its loop goes on turning."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Final

import structlog

from connectors.errors import Later
from hub.domain.decision import Outgoing, Received
from hub.vault.keyring import Keyring, Keys
from hub.vault.sealer import named, sealed, unsealed
from schemas.sealing import is_sealed, seal, subject_of

AGAIN_S: Final = 0.5
"""How soon a vault that was away is asked again, in seconds."""
log = structlog.get_logger()


class LaneSeals:
    """Opens what a lane reads and seals what it writes.

    A vault that is away is waited for; the lane's own limit ends the worker after that, and
    nothing is lost.
    """

    def __init__(self, keyring: Keyring) -> None:
        """Ask this keyring."""
        self._keyring = keyring

    async def opened(self, records: Sequence[Received]) -> Sequence[Received]:
        """The records as their senders wrote them, with what keys their digests.

        A record whose key was destroyed has no value, one that does not open stays sealed: both
        are refused with a code.
        """
        subjects = [subject_of(one.record) for one in records]
        pairs = list(zip(records, subjects, strict=True))
        plain = {one for record, one in pairs if one and not is_sealed(record.record)}
        keys = await self._keys(named(subjects) - plain, self._keyring.find)
        keys = {**keys, **await self._keys(plain, self._keyring.make)}
        return [one if subject is None else opened(one, subject, keys) for one, subject in pairs]

    async def sealed(self, outputs: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """What is to be written, the data of persons sealed.

        What is to be said of a subject whose key was destroyed goes without its data.
        """
        records = [one.record for one in outputs]
        subjects = [subject_of(record) for record in records]
        keys = await self._keys(named(subjects), self._keyring.make)
        done = sealed(records, subjects, keys)
        return [one._replace(record=record) for one, record in zip(outputs, done, strict=True)]

    async def _keys(
        self, subjects: Collection[str], ask: Callable[[Collection[str]], Keys]
    ) -> Keys:
        if len(here := self._keyring.at_hand(subjects)) == len(subjects):
            return here
        waiting = False
        while True:
            try:
                return await asyncio.to_thread(ask, subjects)
            except Later as later:
                if not waiting:
                    log.warning("waiting", doing="ask the vault for keys", why=later.why)
                waiting = True
            await asyncio.sleep(AGAIN_S)


def opened(one: Received, subject: str, keys: Keys) -> Received:
    """The record as its sender wrote it, with what keys its digest."""
    key = keys.get(subject)
    secret = key.secret if key else b""
    if not is_sealed(one.record):  # from a party that writes to Kafka itself
        erased = subject in keys and key is None
        return one._replace(
            record=seal(one.record, None, b"") if erased else one.record, secret=secret
        )
    record = unsealed(one.record, subject, keys)
    return one._replace(record=record, came_as=one.record, secret=secret)
