"""The topics on a broker become as declared, and other people's topics stay as they were."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from threading import Barrier, Thread
from typing import Any, Final

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from hub.broker.ports import free
from hub.errors import BrokerUnavailable
from hub.streaming import topics
from hub.streaming.admin import BrokerRefused, connected
from hub.streaming.topic_plan import Growth, Plan, Setting
from schemas.topics import REFERRALS, STATE, Topic, delivery_topic, every_topic
from tests.support.waiting import until

pytestmark = pytest.mark.broker

DECLARED: Final = (
    REFERRALS,
    STATE,
    delivery_topic("06432005"),
)
MEBIBYTE: Final = 1024 * 1024


@pytest.fixture
def connection(kafka: str) -> dict[str, Any]:
    """How to reach the shared broker."""
    return {"bootstrap_servers": kafka}


@pytest.fixture
def admin(kafka: str) -> Iterator[KafkaAdminClient]:
    """An admin of somebody else."""
    with KafkaAdminClient(bootstrap_servers=kafka) as client:
        yield client


def settings_of(admin: KafkaAdminClient, name: str) -> dict[str, str]:
    """The settings of a topic that somebody gave it."""
    answer = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    return {key: setting["value"] for key, setting in answer["topic"][name].items()}


def applied(connection: dict[str, Any], wanted: tuple[Topic, ...], prefix: str) -> Plan:
    """Apply what is wanted; the plan that was applied."""
    plan = topics.plan(connection, wanted, prefix, 1)
    topics.apply(connection, plan)
    return plan


def test_an_empty_broker_gets_every_declared_topic(
    connection: dict[str, Any], admin: KafkaAdminClient, topic_prefix: str
) -> None:
    """What is planned on a new broker is created as declared, and nothing is left to do."""
    plan = applied(connection, DECLARED, topic_prefix)

    assert [c.topic for c in plan.creations] == [topic_prefix + topic.name for topic in DECLARED]
    for topic in DECLARED:
        name = topic_prefix + topic.name
        (there,) = admin.describe_topics([name])
        assert len(there["partitions"]) == topic.partitions
        assert topic.config().items() <= settings_of(admin, name).items()
    after = topics.plan(connection, DECLARED, topic_prefix, 1)
    assert after.is_empty
    assert after.as_declared == tuple(topic_prefix + topic.name for topic in DECLARED)


def test_applying_twice_changes_nothing(connection: dict[str, Any], topic_prefix: str) -> None:
    """The same plan applied a second time succeeds and leaves the broker as declared."""
    plan = applied(connection, DECLARED, topic_prefix)

    topics.apply(connection, plan)

    assert topics.plan(connection, DECLARED, topic_prefix, 1).is_empty


def test_two_may_apply_at_the_same_time(connection: dict[str, Any], topic_prefix: str) -> None:
    """Two hubs that start at once both succeed."""
    both = Barrier(2)
    failed: list[BaseException] = []

    def start() -> None:
        plan = topics.plan(connection, DECLARED, topic_prefix, 1)
        try:
            both.wait(60)
            topics.apply(connection, plan)
        except BaseException as error:  # noqa: BLE001 - handed to the test's thread
            failed.append(error)

    hubs = [Thread(target=start) for _ in range(2)]
    for hub in hubs:
        hub.start()
    for hub in hubs:
        hub.join()

    assert not failed
    assert topics.plan(connection, DECLARED, topic_prefix, 1).is_empty


def test_the_whole_district_takes_one_plan(connection: dict[str, Any], topic_prefix: str) -> None:
    """Every topic of a hub with 24 parties is created in one go."""
    parties = [f"{6432000 + number:08}" for number in range(1, 25)]
    wanted = tuple(every_topic(parties))

    applied(connection, wanted, topic_prefix)

    assert topics.plan(connection, wanted, topic_prefix, 1).is_empty


def test_a_changed_setting_is_drift_and_is_mended(
    connection: dict[str, Any], admin: KafkaAdminClient, topic_prefix: str
) -> None:
    """A setting changed by hand is named with both values; applying gives it back."""
    applied(connection, DECLARED, topic_prefix)
    name = topic_prefix + REFERRALS.name
    mine = {"retention.ms": "1000", "flush.ms": "60000"}
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, mine)])
    until(lambda: mine.items() <= settings_of(admin, name).items())

    drift = topics.plan(connection, DECLARED, topic_prefix, 1)
    assert drift.settings == (Setting(name, "retention.ms", "1000", str(REFERRALS.retention_ms)),)
    assert not drift.creations
    topics.apply(connection, drift)

    assert topics.plan(connection, DECLARED, topic_prefix, 1).is_empty
    assert settings_of(admin, name)["flush.ms"] == "60000", "not declared, so not ours to change"


def test_partitions_are_raised(
    connection: dict[str, Any], admin: KafkaAdminClient, topic_prefix: str
) -> None:
    """A topic with fewer partitions than declared gets the missing ones."""
    applied(connection, DECLARED, topic_prefix)
    name = topic_prefix + REFERRALS.name
    more = (replace(REFERRALS, partitions=7), *DECLARED[1:])

    plan = applied(connection, more, topic_prefix)

    assert plan == Plan(growths=(Growth(name, REFERRALS.partitions, 7),))
    (there,) = admin.describe_topics([name])
    assert len(there["partitions"]) == 7
    assert topics.plan(connection, more, topic_prefix, 1).is_empty


def test_partitions_are_never_taken_away(connection: dict[str, Any], topic_prefix: str) -> None:
    """Fewer partitions than there are is impossible: said with a remedy, and left alone."""
    applied(connection, DECLARED, topic_prefix)
    fewer = (replace(REFERRALS, partitions=1), *DECLARED[1:])

    plan = applied(connection, fewer, topic_prefix)

    (impossible,) = plan.impossible
    assert plan == Plan(impossible=(impossible,))
    assert impossible.topic == topic_prefix + REFERRALS.name
    assert "4 partitions, declared are 1" in impossible.what
    assert "delete it" in impossible.remedy
    assert topics.plan(connection, fewer, topic_prefix, 1) == plan


def test_another_replication_is_named(connection: dict[str, Any], topic_prefix: str) -> None:
    """Topics with one copy where three are wanted are named, with what to do."""
    applied(connection, DECLARED, topic_prefix)

    plan = topics.plan(connection, DECLARED, topic_prefix, 3)

    assert len(plan.impossible) == len(DECLARED)
    assert {item.what for item in plan.impossible} == {"its replication is 1, wanted is 3"}
    assert {item.key for item in plan.settings} == {"min.insync.replicas"}


def test_more_copies_than_brokers_are_refused_before_anything_changes(
    connection: dict[str, Any], admin: KafkaAdminClient, topic_prefix: str
) -> None:
    """A plan that no broker could carry out is refused with both numbers."""
    with pytest.raises(topics.TooFewBrokers, match=r"9 copies .* broker\(s\) run") as refused:
        topics.plan(connection, DECLARED, topic_prefix, 9)

    assert "replication" in refused.value.remedy
    assert not [name for name in admin.list_topics() if name.startswith(topic_prefix)]


def test_other_peoples_topics_stay_as_they_were(
    connection: dict[str, Any], admin: KafkaAdminClient, topic_prefix: str
) -> None:
    """Topics that are not declared are neither planned for nor changed, prefix or not."""
    foreign = {
        f"{topic_prefix}invoices": {"num_partitions": 2, "configs": {"retention.ms": "12345"}},
        f"x-{topic_prefix}referrals": {"num_partitions": 3, "configs": {}},
    }
    admin.create_topics(foreign, wait_for_metadata=True)
    before = {name: settings_of(admin, name) for name in foreign}
    ids = {topic["name"]: topic["topic_id"] for topic in admin.describe_topics(list(foreign))}

    plan = applied(connection, DECLARED, topic_prefix)
    applied(connection, (replace(REFERRALS, partitions=6), *DECLARED[1:]), topic_prefix)

    assert not foreign.keys() & {creation.topic for creation in plan.creations}
    assert {name: settings_of(admin, name) for name in foreign} == before
    for topic in admin.describe_topics(list(foreign)):
        assert topic["topic_id"] == ids[topic["name"]]
        assert len(topic["partitions"]) == foreign[topic["name"]]["num_partitions"]


def test_a_refused_setting_is_an_error_naming_the_topic(
    connection: dict[str, Any], topic_prefix: str
) -> None:
    """What the broker refuses stops the command and says which topic it was."""
    impossible = replace(REFERRALS, retention_ms=-7)

    with pytest.raises(BrokerRefused) as refused:
        applied(connection, (impossible,), topic_prefix)

    assert refused.value.where == topic_prefix + REFERRALS.name
    assert "retention.ms" in refused.value.what


def test_no_broker_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing answers, the error names the address and what to do."""
    monkeypatch.setattr("hub.streaming.topics.connected", partial(connected, answer_within_ms=500))
    (port,) = free(1)

    with pytest.raises(BrokerUnavailable) as unavailable:
        topics.plan({"bootstrap_servers": f"127.0.0.1:{port}"}, DECLARED, "", 1)

    assert unavailable.value.where == f"127.0.0.1:{port}"
    assert "hub broker" in unavailable.value.remedy
