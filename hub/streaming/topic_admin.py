"""The admin calls about topics: look, create, set, grow. Never a topic that was not named."""

from collections.abc import Mapping, Sequence
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import (
    BrokerResponseError,
    InvalidPartitionsError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from hub.streaming.admin import BrokerRefused
from hub.streaming.topic_plan import Creation, Found, Growth, Setting


def look(admin: KafkaAdminClient, names: Mapping[str, Mapping[str, str]]) -> dict[str, Found]:
    """Those of the named topics that are there, with those of their settings that are named."""
    there: dict[str, dict[str, Any]] = {}
    for topic in admin.describe_topics(list(names)):
        error = for_code(topic["error_code"])
        if not error.errno:
            there[topic["name"]] = topic
        elif error is not UnknownTopicOrPartitionError:
            raise error(topic["name"])
    configs = _configs(admin, {name: names[name] for name in there})
    return {
        name: Found(
            len(topic["partitions"]),
            frozenset(len(partition["replica_nodes"]) for partition in topic["partitions"]),
            configs.get(name, {}),
        )
        for name, topic in there.items()
    }


def brokers(admin: KafkaAdminClient) -> int:
    """How many brokers serve now."""
    return sum(not broker.get("is_fenced") for broker in admin.describe_cluster()["brokers"])


def create(admin: KafkaAdminClient, creations: Sequence[Creation]) -> None:
    """Create topics; one that is already there is left as it is."""
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
        _insist(topic["name"], topic, TopicAlreadyExistsError)


def set_values(admin: KafkaAdminClient, settings: Sequence[Setting]) -> None:
    """Give these settings their wanted values; every other setting stays."""
    by_topic: dict[str, dict[str, str]] = {}
    for setting in settings:
        by_topic.setdefault(setting.topic, {})[setting.key] = setting.wanted
    answer = admin.alter_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name, keys) for name, keys in by_topic.items()],
        raise_on_unknown=False,
    )
    for name, verdict in answer["topic"].items():
        if verdict != "OK":
            raise BrokerRefused(str(verdict), where=name)


def grow(admin: KafkaAdminClient, growths: Sequence[Growth]) -> None:
    """Raise numbers of partitions; one that another raised meanwhile is left as it is."""
    wanted = {growth.topic: growth.wanted for growth in growths}
    for result in admin.create_partitions(wanted, raise_errors=False).results:
        _insist(result.name, result.to_dict(), InvalidPartitionsError)


def _insist(topic: str, result: Mapping[str, Any], harmless: type[BrokerResponseError]) -> None:
    error = for_code(result["error_code"])
    if error.errno and error is not harmless:
        raise BrokerRefused(f"{error.message}: {result['error_message']}", where=topic)


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
