"""How far workers and sinks are, and where topics end: what a probe's way is read from."""

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from hub.lookout import wire
from hub.lookout.leaders import leaders_of
from hub.lookout.signs import COORDINATOR_STARTS
from hub.monitor.look import Place
from hub.streaming.admin import connected, in_words

ANSWER_WITHIN_MS: Final = 10_000


class Passed(NamedTuple):
    """One look, in this order: whatever a worker has moved lies before the ends."""

    moved: Mapping[Place, int]
    """What the workers have committed."""
    ends: Mapping[Place, int]
    """Where the topics end, open transactions included."""
    kept: Mapping[tuple[str, Place], int]
    """What the sinks have told."""


class Passage:
    """Asks a broker for just these groups and topics, with a few requests a look."""

    def __init__(
        self,
        connection: Mapping[str, Any],
        workers: str,
        sinks: Mapping[str, Collection[Place]],
    ) -> None:
        """Connect; raises BrokerUnavailable and BrokerRefused."""
        self._where = str(connection.get("bootstrap_servers", ""))
        self._workers = workers
        self._sinks = list(sinks)
        self._topics = sorted({place.topic for places in sinks.values() for place in places})
        self._stack = ExitStack()
        self._admin: KafkaAdminClient = self._stack.enter_context(
            connected(connection, ANSWER_WITHIN_MS)
        )

    def look(self) -> Passed:
        """One look; raises BrokerUnavailable and BrokerRefused."""
        try:
            moved = self._committed([self._workers])
            leaders, _ = leaders_of(self._admin, self._topics)
            ends = wire.offsets(self._admin, leaders, wire.LATEST, stable=False)
            kept = self._committed(self._sinks)
        except KafkaError as error:
            raise in_words(error, self._where) from error
        return Passed({place: at for (_, place), at in moved.items()}, ends, kept)

    def close(self) -> None:
        """Let go of the broker."""
        self._stack.close()

    def _committed(self, groups: list[str]) -> dict[tuple[str, Place], int]:
        try:
            told = self._admin.list_group_offsets(groups)
        except COORDINATOR_STARTS:
            return {}
        return {
            (group, Place(place.topic, place.partition)): one.offset
            for group, places in told.items()
            for place, one in places.items()
            if one.offset >= 0
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
