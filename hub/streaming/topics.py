"""Makes the topics on the broker as declared, and never touches a topic that is not ours.

`plan` looks, `apply` mends. For the command line: 0 as declared or done, 1 failed (the broker does
not answer, refuses, or a difference cannot be mended), 2 called wrongly, 3 drift: the plan of a
broker that should be as declared is not empty.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import (
    BrokerResponseError,
    KafkaError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from hub.errors import BrokerUnavailable, HubError
from hub.streaming.topic_plan import Creation, Found, Growth, Plan, Setting, compare, wanted_config
from schemas.topics import Topic

_ANSWER_WITHIN_MS: Final = 15_000
_VISIBLE_WITHIN_MS: Final = 30_000


class TopicRefused(HubError):
    """The broker refused a topic or its settings."""


class TooFewBrokers(HubError):
    """There are fewer brokers than copies wanted of each record."""


def plan(
    connection: Mapping[str, Any], wanted: Iterable[Topic], prefix: str, replication: int
) -> Plan:
    """What differs on the broker from these topics, each with this prefix and so many copies.

    `connection`: what kafka-python's clients take. Looks only; raises BrokerUnavailable,
    TopicRefused, and TooFewBrokers when topics are missing that could not be created.
    """
    topics = tuple(wanted)
    with _admin(connection) as admin:
        names = {prefix + topic.name: wanted_config(topic, replication) for topic in topics}
        result = compare(topics, _found(admin, names), prefix, replication)
        if result.creations:
            _insist_on_brokers(admin, replication)
    return result


def apply(connection: Mapping[str, Any], plan: Plan) -> None:
    """Mend what can be mended; returns once clients see the new topics and partitions.

    May run twice, also at the same time. Raises BrokerUnavailable and TopicRefused.
    """
    with _admin(connection) as admin:
        if plan.creations:
            _create(admin, plan.creations)
        if plan.settings:
            _set(admin, plan.settings)
        if plan.growths:
            _grow(admin, plan.growths)


@contextmanager
def _admin(connection: Mapping[str, Any]) -> Iterator[KafkaAdminClient]:
    where = str(connection.get("bootstrap_servers", ""))
    try:
        with KafkaAdminClient(bootstrap_timeout_ms=_ANSWER_WITHIN_MS, **connection) as admin:
            yield admin
    except BrokerResponseError as error:
        raise TopicRefused(str(error), where=where) from error
    except KafkaError as error:
        remedy = "start it (`hub broker`) or set `kafka.bootstrap`"
        raise BrokerUnavailable(where=where, remedy=remedy) from error


def _found(admin: KafkaAdminClient, names: Mapping[str, Mapping[str, str]]) -> dict[str, Found]:
    described: dict[str, dict[str, Any]] = {}
    for topic in admin.describe_topics(list(names)):
        error = for_code(topic["error_code"])
        if not error.errno:
            described[topic["name"]] = topic
        elif error is not UnknownTopicOrPartitionError:
            raise error(topic["name"])
    configs = _configs(admin, {name: names[name] for name in described})
    return {
        name: Found(
            len(topic["partitions"]),
            frozenset(len(partition["replica_nodes"]) for partition in topic["partitions"]),
            configs[name],
        )
        for name, topic in described.items()
    }


def _configs(
    admin: KafkaAdminClient, asked: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str | None]]:
    if not asked:
        return {}
    answer = admin.describe_configs(
        [
            ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(config))
            for name, config in asked.items()
        ],
        config_filter="all",
    )
    return {
        name: {key: setting["value"] for key, setting in settings.items()}
        for name, settings in answer["topic"].items()
    }


def _insist_on_brokers(admin: KafkaAdminClient, replication: int) -> None:
    brokers = [b for b in admin.describe_cluster()["brokers"] if not b.get("is_fenced")]
    if len(brokers) < replication:
        raise TooFewBrokers(
            f"{replication} copies of each record are wanted, {len(brokers)} broker(s) run",
            remedy="start more brokers, or set `replication`",
        )


def _create(admin: KafkaAdminClient, creations: Sequence[Creation]) -> None:
    answer = admin.create_topics(
        {
            creation.topic: {
                "num_partitions": creation.partitions,
                "replication_factor": creation.replication,
                "configs": dict(creation.config),
            }
            for creation in creations
        },
        raise_errors=False,
    )
    for topic in answer["topics"]:
        error = for_code(topic["error_code"])
        if error.errno and error is not TopicAlreadyExistsError:  # else another was faster
            raise TopicRefused(f"{error.message}: {topic['error_message']}", where=topic["name"])
    admin.wait_for_topics([c.topic for c in creations], timeout_ms=_VISIBLE_WITHIN_MS)


def _set(admin: KafkaAdminClient, settings: Sequence[Setting]) -> None:
    by_topic: dict[str, dict[str, str]] = {}
    for setting in settings:
        by_topic.setdefault(setting.topic, {})[setting.key] = setting.wanted
    answer = admin.alter_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name, keys) for name, keys in by_topic.items()],
        raise_on_unknown=False,
    )
    for name, verdict in answer["topic"].items():
        if verdict != "OK":
            raise TopicRefused(str(verdict), where=name)


def _grow(admin: KafkaAdminClient, growths: Sequence[Growth]) -> None:
    admin.create_partitions({growth.topic: growth.wanted for growth in growths})
    admin.wait_for_topics([g.topic for g in growths], timeout_ms=_VISIBLE_WITHIN_MS)
