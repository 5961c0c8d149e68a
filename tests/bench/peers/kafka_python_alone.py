"""kafka-python without a framework: poll, check, send, flush, then commit; at least once."""

import signal
import threading
from typing import Any

from kafka import KafkaConsumer, KafkaProducer

from tests.bench.peers.routing import Told, told


def main(said: Told) -> None:
    """Move events until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    consumer: Any = KafkaConsumer(
        said.source,
        bootstrap_servers=said.bootstrap,
        group_id=said.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_poll_records=said.batch,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    producer: Any = KafkaProducer(
        bootstrap_servers=said.bootstrap, acks="all", linger_ms=20, batch_size=512 * 1024
    )
    while not stop.is_set():
        found = consumer.poll(timeout_ms=200)
        if not found:
            continue
        for records in found.values():
            for record in records:
                topic = said.destination(record.key, record.value, record.headers)
                producer.send(topic, record.value, record.key, list(record.headers))
        producer.flush()
        consumer.commit()
    producer.close()
    consumer.close()


if __name__ == "__main__":
    main(told())
