"""What lanes do with records and timers: the processors with the registry they read."""

from collections.abc import Sequence
from functools import partial

from hub.domain.decision import Decision, Due, Limits, Processor, Received, Searchable, State
from hub.domain.parties import Parties


class Rules:
    """The processors with the registry they read, found by topic and by name."""

    def __init__(
        self, processors: Sequence[Processor], parties: Parties, limits: Limits, prefix: str
    ) -> None:
        """Know each processor by the topic it reads and by its name."""
        self._by_topic = {
            prefix + p.SOURCE.name: partial(p.handle, parties=parties, limits=limits)
            for p in processors
        }
        self._by_name = {p.NAME: partial(p.on_time, parties=parties) for p in processors}
        self.topics = tuple(self._by_topic)
        """In the order in which a lane moves them."""

    def decide(self, received: Received, state: Searchable) -> Decision:
        """What a record leads to."""
        return self._by_topic[received.topic](received, state)

    def ring(self, due: Due, state: State) -> Decision:
        """What a timer leads to."""
        return self._by_name[due.processor](due, state)
