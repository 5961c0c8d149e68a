"""Records once what Kafka loads at start, so that every later start takes a third of the time."""

import os
import tempfile
from pathlib import Path
from typing import Final

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from hub.broker import ports, properties
from hub.broker.errors import NotReady
from hub.broker.jars import Progress
from hub.broker.java import Java
from hub.broker.node import Node
from hub.broker.readiness import await_ready

_CLUSTER_ID: Final = "c3RhcnQtYXJjaGl2ZS0wMQ"
_TOPIC: Final = "work"
_PATIENCE_S: Final = 90


def ensure(java: Java, heap_mb: int, progress: Progress) -> None:
    """Let a Kafka in a scratch folder do a little work and write the archive as it ends.

    Without an archive (no room, a system that cannot) Kafka starts all the same, only slower.
    """
    if java.archive.is_file() or os.name != "posix":
        return
    progress("Recording what Kafka loads, so that it starts quickly from now on")
    try:
        with tempfile.TemporaryDirectory(dir=java.archive.parent, prefix="recording-") as scratch:
            record = Path(scratch) / java.archive.name
            if _work_once(java, Path(scratch), record, heap_mb) and record.is_file():
                record.replace(java.archive)
    except (KafkaError, NotReady, OSError) as error:
        progress(f"Nothing recorded ({type(error).__name__}); Kafka will start slower")


def _work_once(java: Java, folder: Path, record: Path, heap_mb: int) -> bool:
    """Whether Kafka worked and ended in time, so that the record is whole."""
    seat = properties.Seat(1, *ports.free(2))
    told = properties.node_properties(seat, [seat], folder / "data")
    node = Node(seat, told, folder, java, heap_mb)
    node.prepare(_CLUSTER_ID)
    node.start(record=record)
    try:
        await_ready([node], {}, _PATIENCE_S)
        _exercise(node.bootstrap)
    finally:
        whole = node.stop(_PATIENCE_S)
    return whole


def _exercise(bootstrap: str) -> None:
    """Touch what the hub uses: a topic, a transaction, a group."""
    with KafkaAdminClient(bootstrap_servers=bootstrap) as admin:
        admin.create_topics([_TOPIC], wait_for_metadata=True)
    with KafkaProducer(bootstrap_servers=bootstrap, transactional_id=_TOPIC) as producer:
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(_TOPIC, b"done")
        producer.commit_transaction()
    reader = KafkaConsumer(
        _TOPIC,
        bootstrap_servers=bootstrap,
        group_id=_TOPIC,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    try:
        reader.poll(timeout_ms=10_000)
        reader.commit()
    finally:
        reader.close()
