"""What can be done with topics: each action one request about all of them, which changes nothing.

Where an action cannot be tried without doing it, it is tried in a way that fails after the broker
has looked whether it is allowed: a batch without records, an offset behind the end.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from kafka.admin import ConfigResourceType
from kafka.protocol.admin import (
    CreatePartitionsRequest,
    CreateTopicsRequest,
    DeleteRecordsRequest,
    DeleteTopicsRequest,
    DescribeConfigsRequest,
    IncrementalAlterConfigsRequest,
)
from kafka.protocol.consumer import FetchRequest, ListOffsetsRequest
from kafka.protocol.metadata import MetadataRequest
from kafka.protocol.producer import ProduceRequest

from hub.users.grant import Operation

TOPIC: Final = int(ConfigResourceType.TOPIC)
SET: Final = 0
FAR: Final = 2**62
BY_NAME: Final = 12
"""The last version of Fetch and Produce that names its topics."""
DELETE_BY_NAME: Final = 5
WITHIN_MS: Final = 20_000
Verdicts = Iterator[tuple[str, int]]
"""Names, each with the broker's error code."""


class Action(NamedTuple):
    """Something that can be done with every one of a kind."""

    needs: Operation
    ask: Callable[[Sequence[str]], Any]
    """The request about all of these names."""
    answered: Callable[[Any], Verdicts]


def _describe(names: Sequence[str]) -> Any:  # noqa: ANN401 - kafka-python has no types
    topics = [MetadataRequest.MetadataRequestTopic(name=name) for name in names]
    return MetadataRequest(topics=topics, allow_auto_topic_creation=False, max_version=9)


def _offsets(names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    kind = ListOffsetsRequest.ListOffsetsTopic
    place = kind.ListOffsetsPartition(partition_index=0, timestamp=-1)
    topics = [kind(name=name, partitions=[place]) for name in names]
    return ListOffsetsRequest(isolation_level=0, topics=topics, min_version=2)


def _read(names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    kind = FetchRequest.FetchTopic
    place = kind.FetchPartition(
        partition=0,
        current_leader_epoch=-1,
        fetch_offset=0,
        last_fetched_epoch=-1,
        log_start_offset=-1,
        partition_max_bytes=1,
    )
    return FetchRequest(
        max_wait_ms=0,
        min_bytes=0,
        max_bytes=1,
        isolation_level=0,
        session_id=0,
        session_epoch=-1,
        topics=[kind(topic=name, partitions=[place]) for name in names],
        forgotten_topics_data=[],
        rack_id="",
        min_version=4,
        max_version=BY_NAME,
    )


def _write(names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    kind = ProduceRequest.TopicProduceData
    nothing = kind.PartitionProduceData(index=0, records=b"")
    return ProduceRequest(
        transactional_id=None,
        acks=1,
        timeout_ms=WITHIN_MS,
        topic_data=[kind(name=name, partition_data=[nothing]) for name in names],
        max_version=BY_NAME,
    )


def _create(names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    kind = CreateTopicsRequest.CreatableTopic
    topics = [
        kind(name=name, num_partitions=1, replication_factor=1, assignments=[], configs=[])
        for name in names
    ]
    return CreateTopicsRequest(topics=topics, timeout_ms=WITHIN_MS, validate_only=True)


def _grow(names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    kind = CreatePartitionsRequest.CreatePartitionsTopic
    topics = [kind(name=name, count=99, assignments=None) for name in names]
    return CreatePartitionsRequest(topics=topics, timeout_ms=WITHIN_MS, validate_only=True)


def _delete(names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    return DeleteTopicsRequest(
        topic_names=list(names), timeout_ms=WITHIN_MS, max_version=DELETE_BY_NAME
    )


def _delete_records(names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    kind = DeleteRecordsRequest.DeleteRecordsTopic
    place = kind.DeleteRecordsPartition(partition_index=0, offset=FAR)
    topics = [kind(name=name, partitions=[place]) for name in names]
    return DeleteRecordsRequest(topics=topics, timeout_ms=WITHIN_MS)


def _configs(names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    return configs_of(TOPIC, names)


def _alter(names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    return altered(TOPIC, names, "retention.ms", "1000")


def configs_of(kind: int, names: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    """Asks how these are set."""
    one = DescribeConfigsRequest.DescribeConfigsResource
    resources = [
        one(resource_type=kind, resource_name=name, configuration_keys=None) for name in names
    ]
    return DescribeConfigsRequest(resources=resources)


def altered(kind: int, names: Sequence[str], key: str, value: str) -> Any:  # noqa: ANN401 - the same
    """Asks whether these could be set otherwise; nothing is."""
    one = IncrementalAlterConfigsRequest.AlterConfigsResource
    change = one.AlterableConfig(name=key, config_operation=SET, value=value)
    resources = [one(resource_type=kind, resource_name=name, configs=[change]) for name in names]
    return IncrementalAlterConfigsRequest(resources=resources, validate_only=True)


def _places(attribute: str, name: str, places: str) -> Callable[[Any], Verdicts]:
    def read(answer: Any) -> Verdicts:  # noqa: ANN401 - the same
        for topic in getattr(answer, attribute):
            for one in getattr(topic, places):
                yield getattr(topic, name), one.error_code

    return read


def _names(attribute: str, name: str) -> Callable[[Any], Verdicts]:
    def read(answer: Any) -> Verdicts:  # noqa: ANN401 - the same
        for one in getattr(answer, attribute):
            yield getattr(one, name), one.error_code

    return read


ACTIONS: Final[dict[str, Action]] = {
    "describe": Action(Operation.DESCRIBE, _describe, _names("topics", "name")),
    "list offsets": Action(Operation.DESCRIBE, _offsets, _places("topics", "name", "partitions")),
    "read": Action(Operation.READ, _read, _places("responses", "topic", "partitions")),
    "write": Action(Operation.WRITE, _write, _places("responses", "name", "partition_responses")),
    "create": Action(Operation.CREATE, _create, _names("topics", "name")),
    "add partitions": Action(Operation.ALTER, _grow, _names("results", "name")),
    "describe settings": Action(
        Operation.DESCRIBE_CONFIGS, _configs, _names("results", "resource_name")
    ),
    "alter settings": Action(Operation.ALTER_CONFIGS, _alter, _names("responses", "resource_name")),
    "delete records": Action(
        Operation.DELETE, _delete_records, _places("topics", "name", "partitions")
    ),
    "delete": Action(Operation.DELETE, _delete, _names("responses", "name")),
}
"""Each action; the last would take the topic away if the broker let it happen."""
