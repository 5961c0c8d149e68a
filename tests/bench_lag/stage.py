"""One Kafka with a hub's topics; each scene has a party's topic and a group to itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kafka import KafkaProducer, TopicPartition
from kafka.errors import CoordinatorNotAvailableError, KafkaError
from kafka.structs import OffsetAndMetadata

from hub import processes
from hub.broker.cluster import Cluster
from hub.processes import Process
from schemas.codec import Record
from tests.bench.contender import ROOT
from tests.support import topics
from tests.support.running_hub import declare_topics
from tests.support.waiting import until

PREFIX: Final = "bench."
RECORD: Final = Record(b"case-1", b"x" * 400, [])
LONG_MS: Final = 600_000
"""How long the open transaction may stay open, for the broker."""
GRACE_S: Final = 10


@dataclass(slots=True)
class Stage:
    """What scenes are made of."""

    cluster: Cluster
    folder: Path
    readers: dict[str, Process] = field(default_factory=dict)
    open_producers: list[KafkaProducer] = field(default_factory=list)

    @property
    def bootstrap(self) -> str:
        """Where clients begin."""
        return self.cluster.bootstrap

    def write(self, topic: str, records: int) -> None:
        """So many records, without transactions."""
        producer = KafkaProducer(bootstrap_servers=self.bootstrap)
        for _ in range(records):
            producer.send(topic, RECORD.value, RECORD.key)
        producer.flush()
        producer.close()

    def transact(self, topic: str, transactions: int, *, commit: bool = True) -> None:
        """So many transactions with one record each."""
        with topics.transactional(self.bootstrap, f"{topic}.writer") as producer:
            for _ in range(transactions):
                topics.transact(producer, [(topic, RECORD)], commit=commit)

    def leave_open(self, topic: str, records: int) -> None:
        """A transaction with so many records that nobody ends."""
        producer = KafkaProducer(
            bootstrap_servers=self.bootstrap,
            transactional_id=f"{topic}.forgotten",
            transaction_timeout_ms=LONG_MS,
        )
        producer.init_transactions()
        producer.begin_transaction()
        for _ in range(records):
            producer.send(topic, RECORD.value, RECORD.key)
        producer.flush()
        self.open_producers.append(producer)

    def read(self, name: str, topic: str, group: str, mode: str = "read") -> None:
        """Start a reader and wait until its group has a member."""
        argv = [sys.executable, "-m", "tests.bench_lag.reader_process"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.readers[name] = processes.spawn(
                [*argv, self.bootstrap, topic, group, mode], output=log, folder=ROOT
            )
        until(lambda: self.members(group) == 1)

    def end(self, name: str) -> None:
        """End a reader well; it leaves its group."""
        processes.end(self.readers.pop(name), GRACE_S)

    def kill(self, name: str, group: str) -> None:
        """End a reader with -9, and wait until its group has noticed."""
        reader = self.readers.pop(name)
        reader.kill()
        reader.wait()
        until(lambda: self.members(group) == 0)

    def members(self, group: str) -> int:
        """How many are in the group."""
        with topics.admin(self.bootstrap) as admin:
            try:
                found = admin.describe_groups([group])[group]
            except CoordinatorNotAvailableError:  # no group was ever on this broker
                return 0
            return len(found["members"]) if found["group_state"] == "Stable" else 0

    def committed(self, group: str, topic: str) -> int | None:
        """The group's offset."""
        with topics.admin(self.bootstrap) as admin:
            try:
                found = admin.list_group_offsets([group])[group].get(TopicPartition(topic, 0))
            except KafkaError:  # a broker that has just come back is no coordinator yet
                return None
        return None if found is None else int(found.offset)

    def commit(self, group: str, topic: str, offset: int) -> None:
        """Put the group, which nobody is in, to this offset."""
        with topics.admin(self.bootstrap) as admin:
            place = TopicPartition(topic, 0)
            admin.alter_group_offsets(group, {place: OffsetAndMetadata(offset, "", -1)})

    def delete_before(self, topic: str, offset: int) -> None:
        """Delete what lies before this offset, as retention does."""
        with topics.admin(self.bootstrap) as admin:
            admin.delete_records({TopicPartition(topic, 0): offset})

    def restart_broker(self) -> None:
        """Kill the broker with -9 and start it again."""
        (node,) = self.cluster.nodes
        node.kill()
        node.start()
        self.cluster.await_ready(120)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A Kafka of the bench's own, with everything ended at the end."""
    with Cluster.start(folder / "kafka", progress=tell) as cluster:
        made = Stage(cluster, folder)
        declare_topics(cluster.bootstrap, PREFIX)
        with topics.transactional(cluster.bootstrap, "bench.warm-up"):
            pass
        try:
            yield made
        finally:
            for reader in made.readers.values():
                processes.end(reader, GRACE_S)
            for producer in made.open_producers:
                producer.close(timeout=2)


def tell(words: str) -> None:
    """Say what takes a while."""
    sys.stderr.write(f"{words}\n")
