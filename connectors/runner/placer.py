"""Puts single records where they are told to lie, one after the other, and says where they lie."""

from kafka.errors import KafkaError

from connectors.runner.clients import Connection, not_now
from connectors.runner.line import Line
from schemas.codec import Record

REACH_S = 10.0
"""How long the broker may take to be reached, in seconds."""


class Placer:
    """One producer; after its first failure it takes nothing more."""

    def __init__(self, connection: Connection, timeout_s: float = 30.0) -> None:
        """Reach the broker; raises Later."""
        self._timeout_s = timeout_s
        self._line = Line(connection, REACH_S, timeout_s)

    def put(self, topic: str, record: Record, partition: int | None = None) -> tuple[str, int, int]:
        """Return its topic, partition and offset once Kafka has it; raises Later if it may not."""
        try:
            kept = self._line.send(topic, record, partition).get(timeout=self._timeout_s)
        except KafkaError as error:
            raise not_now(error, "take the record") from error
        return kept.topic, kept.partition, kept.offset

    def close(self) -> None:
        """Let go of the broker."""
        self._line.end()
