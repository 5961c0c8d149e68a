"""One producer, from its start to its first failure; after that nothing more of it is sent.

kafka-python goes on after most failures: when a batch has waited too long or the producer got a
new epoch, what was queued behind is sent, and sending the failed batch again would put it behind
its successors. A line stops instead, from within the thread that learns of the failure, so that
what Kafka has of a subject is always a beginning of what was sent.
"""

from typing import Any

import structlog
from kafka.errors import KafkaError

from connectors.runner.clients import Connection, open_producer
from schemas.codec import Record

LINGER_MS = 2
"""How long a record waits for others of its partition, in milliseconds."""
BATCH_BYTES = 256 * 1024
"""How much goes to one partition in one batch."""
END_WITHIN_S = 5.0
"""How long a stopped line may take to let go of its socket and its thread, in seconds."""
log = structlog.get_logger()


class Line:
    """An idempotent producer that ends with its first failure."""

    def __init__(self, connection: Connection, reach_s: float, timeout_s: float) -> None:
        """Reach the broker within `reach_s` seconds; raises Later.

        Every send must be given up by its caller within `timeout_s` seconds: only then is it
        certain that no record expires in kafka-python's queue while later ones are sent.
        """
        request_ms = int(min(10.0, timeout_s / 2) * 1000)
        self.stopped = False
        self._producer = open_producer(
            connection,
            acks="all",
            enable_idempotence=True,
            linger_ms=LINGER_MS,
            batch_size=BATCH_BYTES,
            allow_auto_create_topics=False,
            bootstrap_timeout_ms=int(reach_s * 1000),
            max_block_ms=int(timeout_s * 1000),
            request_timeout_ms=request_ms,
            delivery_timeout_ms=int(timeout_s * 1000) + request_ms + 60_000,
            reconnect_backoff_max_ms=1000,
        )

    def send(self, topic: str, record: Record, partition: int | None = None) -> Any:
        """Queue a record; its future fails, and the line stops, when Kafka does not take it.

        Without a partition it goes where its key belongs.
        """
        future = self._producer.send(
            topic,
            key=record.key,
            value=record.value,
            headers=list(record.headers),
            partition=partition,
        )
        future.add_errback(self._stop)
        return future

    def end(self) -> None:
        """Send nothing more; whatever is not acknowledged yet fails. Any thread, any number."""
        self._stop()
        # The public close() waits for an answer to every record, or gives up and leaves the
        # thread running; this is what it does itself once it has waited.
        self._producer._sender.join(END_WITHIN_S)  # noqa: SLF001
        try:
            self._producer.close(timeout=0)
        except KafkaError as error:
            log.warning("producer_did_not_end", why=type(error).__name__)

    def _stop(self, _error: object = None) -> None:
        self.stopped = True
        self._producer._sender.force_close()  # noqa: SLF001
