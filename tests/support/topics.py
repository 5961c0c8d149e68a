"""Makes topics and looks into them, by another way than ours."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

from schemas.codec import Record


def create(bootstrap: str, topics: Iterable[str], partitions: int = 1, **settings: str) -> None:
    """Make these topics; `max_message_bytes` and the like are settings of the broker's."""
    told = {name.replace("_", "."): value for name, value in settings.items()}
    with admin(bootstrap) as client:
        client.create_topics([NewTopic(name, partitions, 1, topic_configs=told) for name in topics])


def read(bootstrap: str, topic: str) -> list[tuple[int, int, Record]]:
    """All that is committed on the topic now: partition, offset, record."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", enable_auto_commit=False
    )
    try:
        places = [TopicPartition(topic, n) for n in consumer.partitions_for_topic(topic)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        found: list[tuple[int, int, Record]] = []
        while any(consumer.position(place) < ends[place] for place in places):
            for records in consumer.poll(200).values():
                found += [
                    (r.partition, r.offset, Record(r.key, r.value, r.headers)) for r in records
                ]
        return found
    finally:
        consumer.close()


def ids(records: Iterable[tuple[int, int, Record]]) -> list[str]:
    """The events' ids, in the order of the records."""
    return [dict(record.headers)["ce_id"].decode() for _, _, record in records]


@contextmanager
def transactional(bootstrap: str, name: str) -> Iterator[KafkaProducer]:
    """A producer that speaks in transactions."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, transactional_id=name)
    try:
        producer.init_transactions()
        yield producer
    finally:
        producer.close()


def transact(
    producer: KafkaProducer, said: Sequence[tuple[str, Record]], *, commit: bool = True
) -> None:
    """Send records, each to its topic, in one transaction, and commit or abort it."""
    producer.begin_transaction()
    for topic, record in said:
        producer.send(topic, key=record.key, value=record.value, headers=list(record.headers))
    producer.flush()
    if commit:
        producer.commit_transaction()
    else:
        producer.abort_transaction()


@contextmanager
def admin(bootstrap: str) -> Iterator[KafkaAdminClient]:
    """A client that may change topics and groups."""
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        yield client
    finally:
        client.close()
