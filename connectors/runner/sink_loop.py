"""Brings a party's deliveries from Kafka to a sink, each exactly where the sink left off."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial

import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError, LogTruncationError, OffsetOutOfRangeError

from connectors.base import Delivered, Sink
from connectors.runner.clients import Connection, not_now, open_consumer
from connectors.runner.lag import Lag
from connectors.runner.patience import Stopped, patiently
from connectors.runner.places import assign, seek
from schemas.codec import Record

POLL_MS = 500
"""How long to wait for deliveries, in milliseconds; also how soon a stop is noticed."""
BATCH_RECORDS = 500
"""How many deliveries are written in one transaction."""
log = structlog.get_logger()


def run_sink(
    sink: Sink,
    connection: Connection,
    topics: Mapping[str, str],
    stop: threading.Event,
    group: str,
) -> None:
    """Write what lies on `topics` (topic, with its prefix, to party) until `stop` is set.

    Only what is committed is read. The sink's own positions say where to go on, and where it has
    none the topic is read from its beginning. The offsets under `group` are told to Kafka for the
    eyes of operations and are never read. What the sink does not take is handed in again for as
    long as it takes. Closes the sink at the end. Raises Broken when the sink is ahead of Kafka.
    """
    with closing(sink), suppress(Stopped), _consumer(connection, stop, group) as consumer:
        places = patiently(partial(assign, consumer, list(topics)), stop, "find the topics")
        _go_to_positions(sink, consumer, places, stop)
        lag = Lag(consumer, places)
        while not stop.is_set():
            records = patiently(partial(_poll, consumer), stop, "read deliveries")
            if records is None:
                _go_to_positions(sink, consumer, places, stop)
            elif records:
                batch = [_delivered(topics[record.topic], record) for record in records]
                patiently(partial(sink.write, batch), stop, "write deliveries")
                log.info("deliveries_written", group=group, deliveries=len(batch))
            lag.tell()
        lag.tell_at_the_end()


@contextmanager
def _consumer(connection: Connection, stop: threading.Event, group: str) -> Iterator[KafkaConsumer]:
    consumer = patiently(
        partial(
            open_consumer,
            connection,
            group_id=group,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
            allow_auto_create_topics=False,
            max_poll_records=BATCH_RECORDS,
            bootstrap_timeout_ms=2000,
            request_timeout_ms=10_000,
            reconnect_backoff_max_ms=1000,
        ),
        stop,
        "reach Kafka",
    )
    try:
        yield consumer
    finally:
        consumer.close(timeout_ms=2000)


def _go_to_positions(
    sink: Sink, consumer: KafkaConsumer, places: Sequence[TopicPartition], stop: threading.Event
) -> None:
    topics = sorted({place.topic for place in places})
    kept = patiently(partial(sink.positions, topics), stop, "read positions")
    patiently(partial(seek, consumer, places, kept), stop, "go to the positions")


def _poll(consumer: KafkaConsumer) -> list[ConsumerRecord] | None:
    """Deliveries in the order of their places; None when Kafka no longer has the position."""
    try:
        found = consumer.poll(timeout_ms=POLL_MS)
    except (OffsetOutOfRangeError, LogTruncationError):
        return None
    except KafkaError as error:
        raise not_now(error, "be read") from error
    return [record for records in found.values() for record in records]


def _delivered(party: str, record: ConsumerRecord) -> Delivered:
    headers = tuple((name, value or b"") for name, value in record.headers)
    return Delivered(
        party=party,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp,
        record=Record(record.key, record.value, headers),
    )
