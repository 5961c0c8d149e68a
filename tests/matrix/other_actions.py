"""What can be done with groups, transactional ids and the cluster, in ways that change nothing."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from kafka.admin import ConfigResourceType
from kafka.protocol.admin import (
    AlterPartitionReassignmentsRequest,
    AlterUserScramCredentialsRequest,
    CreateAclsRequest,
    DeleteAclsRequest,
    DeleteGroupsRequest,
    DescribeAclsRequest,
    DescribeGroupsRequest,
    DescribeQuorumRequest,
    DescribeTransactionsRequest,
    ElectLeadersRequest,
    ListPartitionReassignmentsRequest,
    UpdateFeaturesRequest,
)
from kafka.protocol.admin.client_quotas import (
    AlterClientQuotasRequest,
    DescribeClientQuotasRequest,
)
from kafka.protocol.consumer import HeartbeatRequest
from kafka.protocol.producer import InitProducerIdRequest

from hub.users.grant import Operation
from tests.matrix.topic_actions import WITHIN_MS, altered, configs_of

BROKER: Final = int(ConfigResourceType.BROKER)
ANY: Final = 1
LITERAL: Final = 3
TOPIC: Final = 2
READ: Final = 3
ALLOW: Final = 3
SCRAM_SHA_512: Final = 2
STRANGER: Final = "User:matrix-stranger"


class Action(NamedTuple):
    """Something that can be done with one of a kind."""

    needs: Operation
    ask: Callable[[str], Any]
    """The request about this name; the cluster has none."""
    error: Callable[[Any], int]
    """The broker's error code in the answer."""


def _whole(answer: Any) -> int:  # noqa: ANN401 - kafka-python has no types
    return int(answer.error_code)


def _first(attribute: str) -> Callable[[Any], int]:
    return lambda answer: int(getattr(answer, attribute)[0].error_code)


def _heartbeat(group: str) -> Any:  # noqa: ANN401 - the same
    return HeartbeatRequest(group_id=group, generation_id=1, member_id="m", group_instance_id=None)


def _producer(transactional_id: str | None) -> Any:  # noqa: ANN401 - the same
    return InitProducerIdRequest(
        transactional_id=transactional_id,
        transaction_timeout_ms=WITHIN_MS,
        producer_id=-1,
        producer_epoch=-1,
        max_version=4,
    )


GROUPS: Final[dict[str, Action]] = {
    "read as": Action(Operation.READ, _heartbeat, _whole),
    "describe": Action(
        Operation.DESCRIBE,
        lambda group: DescribeGroupsRequest(
            groups=[group], include_authorized_operations=False, max_version=5
        ),
        _first("groups"),
    ),
    "delete": Action(
        Operation.DELETE, lambda group: DeleteGroupsRequest(groups_names=[group]), _first("results")
    ),
}
TRANSACTIONS: Final[dict[str, Action]] = {
    "write as": Action(Operation.WRITE, _producer, _whole),
    "describe": Action(
        Operation.DESCRIBE,
        lambda name: DescribeTransactionsRequest(transactional_ids=[name]),
        _first("transaction_states"),
    ),
}


def _quotas(_name: str) -> Any:  # noqa: ANN401 - the same
    kind = DescribeClientQuotasRequest.ComponentData
    component = kind(entity_type="user", match_type=2, match=None)
    return DescribeClientQuotasRequest(components=[component], strict=False)


def _set_quota(_name: str) -> Any:  # noqa: ANN401 - the same
    kind = AlterClientQuotasRequest.EntryData
    entry = kind(
        entity=[kind.EntityData(entity_type="user", entity_name="matrix-stranger")],
        ops=[kind.OpData(key="consumer_byte_rate", value=1.0, remove=False)],
    )
    return AlterClientQuotasRequest(entries=[entry], validate_only=True)


def _make_user(_name: str) -> Any:  # noqa: ANN401 - the same
    kind = AlterUserScramCredentialsRequest.ScramCredentialUpsertion
    user = kind(
        name="matrix-stranger",
        mechanism=SCRAM_SHA_512,
        iterations=4096,
        salt=b"0" * 24,
        salted_password=b"0" * 64,
    )
    return AlterUserScramCredentialsRequest(deletions=[], upsertions=[user])


def _grants(_name: str) -> Any:  # noqa: ANN401 - the same
    return DescribeAclsRequest(
        resource_type_filter=ANY,
        resource_name_filter=None,
        pattern_type_filter=ANY,
        principal_filter=None,
        host_filter=None,
        operation=ANY,
        permission_type=ANY,
    )


def _grant(_name: str) -> Any:  # noqa: ANN401 - the same
    creation = CreateAclsRequest.AclCreation(
        resource_type=TOPIC,
        resource_name="matrix-nowhere",
        resource_pattern_type=LITERAL,
        principal=STRANGER,
        host="*",
        operation=READ,
        permission_type=ALLOW,
    )
    return CreateAclsRequest(creations=[creation])


def _take_away(_name: str) -> Any:  # noqa: ANN401 - the same
    one = DeleteAclsRequest.DeleteAclsFilter(
        resource_type_filter=TOPIC,
        resource_name_filter="matrix-nowhere",
        pattern_type_filter=LITERAL,
        principal_filter=STRANGER,
        host_filter="*",
        operation=READ,
        permission_type=ALLOW,
    )
    return DeleteAclsRequest(filters=[one])


def _reassign(_name: str) -> Any:  # noqa: ANN401 - the same
    return AlterPartitionReassignmentsRequest(timeout_ms=WITHIN_MS, topics=[])


def _elect(_name: str) -> Any:  # noqa: ANN401 - the same
    return ElectLeadersRequest(election_type=0, topic_partitions=[], timeout_ms=WITHIN_MS)


def _features(_name: str) -> Any:  # noqa: ANN401 - the same
    kind = UpdateFeaturesRequest.FeatureUpdateKey
    update = kind(feature="group.version", max_version_level=1, upgrade_type=1)
    return UpdateFeaturesRequest(
        timeout_ms=WITHIN_MS, feature_updates=[update], validate_only=True, min_version=1
    )


def _quorum(_name: str) -> Any:  # noqa: ANN401 - the same
    kind = DescribeQuorumRequest.TopicData
    topic = kind(
        topic_name="__cluster_metadata", partitions=[kind.PartitionData(partition_index=0)]
    )
    return DescribeQuorumRequest(topics=[topic])


CLUSTER: Final[dict[str, Action]] = {
    "write idempotently": Action(Operation.IDEMPOTENT_WRITE, lambda _name: _producer(None), _whole),
    "see grants": Action(Operation.DESCRIBE, _grants, _whole),
    "grant": Action(Operation.ALTER, _grant, _first("results")),
    "take grants away": Action(Operation.ALTER, _take_away, _first("filter_results")),
    "make users": Action(Operation.ALTER, _make_user, _first("results")),
    "see limits": Action(Operation.DESCRIBE_CONFIGS, _quotas, _whole),
    "set limits": Action(Operation.ALTER_CONFIGS, _set_quota, _first("entries")),
    "see brokers' settings": Action(
        Operation.DESCRIBE_CONFIGS, lambda _name: configs_of(BROKER, ["1"]), _first("results")
    ),
    "alter brokers' settings": Action(
        Operation.ALTER_CONFIGS,
        lambda _name: altered(BROKER, ["1"], "log.cleaner.threads", "2"),
        _first("responses"),
    ),
    "see moves": Action(
        Operation.DESCRIBE,
        lambda _name: ListPartitionReassignmentsRequest(timeout_ms=WITHIN_MS, topics=[]),
        _whole,
    ),
    "move partitions": Action(Operation.ALTER, _reassign, _whole),
    "elect leaders": Action(Operation.ALTER, _elect, _whole),
    "update features": Action(Operation.ALTER, _features, _whole),
    "see the quorum": Action(Operation.DESCRIBE, _quorum, _whole),
}
