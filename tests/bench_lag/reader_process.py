"""A consumer as a process of its own, told BOOTSTRAP TOPIC GROUP MODE.

`read` reads and commits the offset after each record, as most consumers do. `stuck` is given the
first record it gets again and again, and never gets past it.
"""

import signal
import sys
import threading

from kafka import TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from tests.support.joining import joining

SESSION_MS = 6000


def main(bootstrap: str, topic: str, group: str, mode: str) -> None:
    """Read until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    connection = {
        "bootstrap_servers": bootstrap,
        "group_id": group,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "isolation_level": "read_committed",
        "session_timeout_ms": SESSION_MS,
        "heartbeat_interval_ms": SESSION_MS // 3,
    }
    consumer = joining(topic, connection)
    place = TopicPartition(topic, 0)
    to_commit: int | None = None
    while not stop.is_set():
        try:
            for records in consumer.poll(200).values():
                first, last = records[0].offset, records[-1].offset
                to_commit = first if mode == "stuck" else last + 1
                if mode == "stuck":
                    consumer.seek(place, first)
            if to_commit is not None:
                consumer.commit({place: OffsetAndMetadata(to_commit, "", -1)})
                to_commit = None
        except KafkaError:  # a broker that is away; it is tried again
            stop.wait(1)
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
