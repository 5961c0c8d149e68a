"""A reader sees what a recipient sees: all partitions from the beginning, committed only."""

import pytest
from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition

from hub.errors import BrokerUnavailable
from hub.streaming.reading import Reader
from hub.streaming.removal import remove
from schemas.codec import Record
from tests.support import topics
from tests.support.waiting import until

pytestmark = pytest.mark.broker


def _record(key: str) -> Record:
    return Record(key.encode(), b"{}", [("ce_id", key.encode())])


def test_reads_committed_records_of_all_topics(kafka: str, topic_prefix: str) -> None:
    """What was committed comes once, wherever it lies; what was aborted never."""
    names = [f"{topic_prefix}one", f"{topic_prefix}two"]
    topics.create(kafka, names, partitions=3)
    connection = {"bootstrap_servers": kafka}
    with (
        topics.transactional(kafka, topic_prefix) as producer,
        Reader(connection, names) as reader,
    ):
        said = [(name, _record(f"{name}.{n}")) for name in names for n in range(20)]
        topics.transact(producer, said[:15])
        topics.transact(producer, [(names[0], _record("never"))], commit=False)
        topics.transact(producer, said[15:])
        found = []

        def has_all() -> bool:
            found.extend(reader.read(0.2))
            return len(found) >= len(said)

        until(has_all, 30)
        assert reader.read(0.5) == []
    assert sorted((one.topic, one.record.key) for one in found) == sorted(
        (name, record.key) for name, record in said
    )
    assert {one.partition for one in found} == {0, 1, 2}


def test_says_which_topics_are_missing(kafka: str, topic_prefix: str) -> None:
    """A topic that is not there is named, with what to do."""
    with pytest.raises(BrokerUnavailable, match=f"{topic_prefix}none") as error:
        Reader({"bootstrap_servers": kafka}, [f"{topic_prefix}none"])
    assert "topics apply" in error.value.remedy


def test_says_that_nobody_answers() -> None:
    """Without a broker the address is named."""
    connection = {"bootstrap_servers": "127.0.0.1:1", "bootstrap_timeout_ms": 1000}
    with pytest.raises(BrokerUnavailable, match=r"127\.0\.0\.1:1"):
        Reader(connection, ["any"])


def test_removes_what_is_named_and_nothing_else(kafka: str, topic_prefix: str) -> None:
    """Named topics and groups go, their neighbours stay; what is not there is passed over."""
    ours, theirs = f"{topic_prefix}ours", f"{topic_prefix}ours-too"
    topics.create(kafka, [ours, theirs])
    for group in (ours, theirs):
        consumer = KafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
        consumer.assign([TopicPartition(theirs, 0)])
        consumer.commit({TopicPartition(theirs, 0): OffsetAndMetadata(0, "", -1)})
        consumer.close()
    connection = {"bootstrap_servers": kafka}
    remove(connection, [ours, f"{topic_prefix}none"], [ours, f"{topic_prefix}no-group"])

    def there() -> tuple[set[str], set[str]]:
        with topics.admin(kafka) as admin:
            groups = {group["group_id"] for group in admin.list_groups()}
            return set(admin.list_topics()) & {ours, theirs}, groups & {ours, theirs}

    until(lambda: there() == ({theirs}, {theirs}), 20)
