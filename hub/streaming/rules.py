"""What lanes do with records and timers: the processors with the registry they read."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from hub.domain.decision import (
    Decide,
    Decision,
    Due,
    Limits,
    Processor,
    Received,
    Ring,
    Searchable,
    State,
)
from hub.domain.parties import Parties
from hub.signing.notary import Notary
from hub.state import key as state_key
from hub.streaming.vault import Vault
from schemas.codec import Record
from schemas.topics import INPUTS


def nothing_more() -> None:
    """Nobody wants to know."""


async def nothing_first(_records: Sequence[Received], _due: Sequence[bytes]) -> None:
    """Nothing is needed."""


class LaneRules(NamedTuple):
    """What one lane does with records and timers."""

    decide: Decide
    ring: Ring
    ready: Callable[[Sequence[Received], Sequence[bytes]], Awaitable[None]] = nothing_first
    """Waits for what deciding of these records and timers needs."""
    committed: Callable[[], None] = nothing_more
    """Called each time that all it has decided so far is committed."""


class Rules:
    """The processors with the registry they read, found by topic and by name."""

    def __init__(
        self,
        processors: Sequence[Processor],
        parties: Parties,
        limits: Limits,
        prefix: str,
        notary: Notary | None = None,
        vault: Vault | None = None,
    ) -> None:
        """Know each processor by the topic it reads and by its name.

        With a notary only signed events are let in, and what goes to parties is sealed. With a
        vault it is opened once it was let in, and encrypted before it is sealed.
        """
        self._notary = notary
        self._vault = vault
        self._by_topic: dict[str, Decide] = {}
        self._by_name: dict[str, Ring] = {}
        for p in processors:
            decide: Decide = partial(p.handle, parties=parties, limits=limits)
            ring: Ring = partial(p.on_time, parties=parties)
            if vault is not None:
                decide, ring = vault.deciding(decide), vault.ringing(ring)
            if notary is not None:
                signed = p.SOURCE in INPUTS
                admit = partial(notary.admitting, name=p.NAME, topic=p.SOURCE)
                decide = admit(decide) if signed else notary.sealing(decide)
                ring = notary.ringing(ring)
            self._by_topic[prefix + p.SOURCE.name] = decide
            self._by_name[p.NAME] = ring
        self._signed = frozenset(prefix + topic.name for topic in INPUTS)
        self.topics = tuple(self._by_topic)
        """In the order in which a lane moves them."""

    def hear(self, topic: str, records: Iterable[Record]) -> None:
        """Begin with what can be done before these records come to be decided."""
        if self._notary is not None and topic in self._signed:
            self._notary.hear(records)

    async def ready(self, records: Sequence[Received], due: Iterable[bytes]) -> None:
        """Wait for what deciding of these records and timers needs."""
        if self._vault is not None:
            subjects = {state_key.subject(key).decode() for key in due} - {""}
            await self._vault.ready(records, subjects)

    def decide(self, received: Received, state: Searchable) -> Decision:
        """What a record leads to."""
        return self._by_topic[received.topic](received, state)

    def ring(self, due: Due, state: State) -> Decision:
        """What a timer leads to."""
        return self._by_name[due.processor](due, state)
