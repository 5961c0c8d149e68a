"""What a topic has kept for too long is seen, and what is young or gone is not accused."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from kafka import KafkaProducer

from hub.streaming.ages import ages
from schemas.topics import DAY_MS, REFERRALS, STATE, delivery_topic
from tests.support import topics
from tests.support.command import hub

pytestmark = pytest.mark.broker


def test_the_oldest_record_of_each_topic(kafka: str, topic_prefix: str) -> None:
    """The first record of any partition counts; an empty topic has none, a compacted no limit."""
    declared = [replace(REFERRALS, partitions=2), STATE, delivery_topic("kfb")]
    now_ms = int(time.time() * 1000)
    topics.create(kafka, [topic_prefix + one.name for one in declared], partitions=2)
    producer = KafkaProducer(bootstrap_servers=kafka)
    for topic, number, days in ((REFERRALS, 0, 3), (REFERRALS, 1, 16), (STATE, 0, 900)):
        name = topic_prefix + topic.name
        for age in (days, 1):
            producer.send(name, b"{}", partition=number, timestamp_ms=now_ms - age * DAY_MS)
    producer.close()

    found = ages({"bootstrap_servers": kafka}, declared, topic_prefix, now_ms)

    assert [(one.topic, one.age_ms) for one in found] == [
        (f"{topic_prefix}referrals", 16 * DAY_MS),
        (f"{topic_prefix}lanes.state", 900 * DAY_MS),
        (f"{topic_prefix}to.kfb", None),
    ]
    assert [one.is_kept_too_long for one in found] == [True, False, False]
    (younger,) = (one for one in found if one.topic.endswith("referrals"))
    assert not younger._replace(age_ms=15 * DAY_MS).is_kept_too_long


def test_the_command(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    """Without topics it is said how to make them; what they keep too long, and for how long.

    A letter that nobody decided on is told before Kafka deletes it.
    """
    env = {"HUB_KAFKA__BOOTSTRAP": kafka, "HUB_TOPIC_PREFIX": topic_prefix}
    missing = hub("topics", "oldest", folder=tmp_path, env=env)
    assert missing.code == 1
    assert "hub topics apply" in missing.err
    dead = f"{topic_prefix}referrals.dead"
    dated = {"message_timestamp_type": "CreateTime", "retention_ms": "-1"}
    topics.create(kafka, [dead], partitions=4, **dated)
    producer = KafkaProducer(bootstrap_servers=kafka)
    died_ms = int(time.time() * 1000) - 80 * DAY_MS
    producer.send(dead, b"{}", partition=0, timestamp_ms=died_ms)
    producer.close()
    assert hub("topics", "apply", folder=tmp_path, env=env).code == 0

    said = hub("topics", "oldest", "-o", "json", folder=tmp_path, env=env)

    rows = {row.pop("topic"): row for row in said.data}
    new = {"kept_days": 30.0, "oldest_days": None, "oldest_undecided_days": None}
    old = {"kept_days": 90.0, "oldest_days": 80.0, "oldest_undecided_days": 80.0}
    assert (rows[f"{topic_prefix}to.kfb"], rows[dead]) == (new, old)
    assert said.code == 3
    assert "1 undecided letters will be deleted, the first on" in said.err
    assert "hub dead ls --each" in said.err
