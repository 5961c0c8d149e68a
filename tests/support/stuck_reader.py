"""A party's own reader that is there and does not get past a record."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from tests.support.joining import joining


@contextmanager
def stuck_reader(bootstrap: str, topic: str, group: str) -> Iterator[threading.Event]:
    """A member that is there, gets the first record again and again, and never gets past it.

    It goes on when the event is set.
    """
    mended, stop = threading.Event(), threading.Event()
    place = TopicPartition(topic, 0)

    def read() -> None:
        connection = {
            "bootstrap_servers": bootstrap,
            "group_id": group,
            "enable_auto_commit": False,
            "isolation_level": "read_committed",
            "auto_offset_reset": "earliest",
        }
        with closing(joining(topic, connection)) as consumer:
            while not stop.is_set():
                found = consumer.poll(200)
                if mended.is_set():
                    told = OffsetAndMetadata(consumer.position(place), "", -1)
                    consumer.commit({place: told})
                elif place in found:
                    consumer.commit({place: OffsetAndMetadata(0, "", -1)})
                    consumer.seek(place, 0)

    reading = threading.Thread(target=read)
    reading.start()
    try:
        yield mended
    finally:
        stop.set()
        reading.join()
