"""What a lane says to the broker in a transaction: Kafka's second transaction protocol (KIP-890).

In it a produce request and an offset commit add themselves to the transaction, and each end of a
transaction gives the producer a new epoch. Three requests make a transaction, where the first
protocol, which aiokafka speaks, needs five. Brokers know it from Kafka 4.0 on.
"""

from typing import Any, NamedTuple

from aiokafka.errors import IncompatibleBrokerVersion
from aiokafka.protocol.api import RequestStruct, Response
from aiokafka.protocol.types import (
    Array,
    Boolean,
    CompactArray,
    CompactBytes,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)

NO_TAGS: dict[int, bytes] = {}
_TEXT = CompactString("utf-8")
_TAGS = ("tags", TaggedFields)


def _each(*fields: tuple[str, Any]) -> Array:
    return CompactArray(*fields, _TAGS)


class ProduceResponse(Response):
    """Where each batch lies."""

    API_KEY = 0
    API_VERSION = 12
    SCHEMA = Schema(
        (
            "topics",
            _each(
                ("topic", _TEXT),
                (
                    "partitions",
                    _each(
                        ("partition", Int32),
                        ("error_code", Int16),
                        ("base_offset", Int64),
                        ("log_append_time_ms", Int64),
                        ("log_start_offset", Int64),
                        ("record_errors", _each(("batch_index", Int32), ("message", _TEXT))),
                        ("error_message", _TEXT),
                    ),
                ),
            ),
        ),
        ("throttle_time_ms", Int32),
        _TAGS,
    )


class Produce(RequestStruct):
    """Write one batch to each of these partitions."""

    API_KEY = 0
    API_VERSION = 12
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = ProduceResponse
    SCHEMA = Schema(
        ("transactional_id", _TEXT),
        ("acks", Int16),
        ("timeout_ms", Int32),
        (
            "topics",
            _each(
                ("topic", _TEXT),
                ("partitions", _each(("partition", Int32), ("records", CompactBytes))),
            ),
        ),
        _TAGS,
    )


class OffsetCommitResponse(Response):
    """Whether each offset is noted."""

    API_KEY = 28
    API_VERSION = 5
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            _each(
                ("topic", _TEXT),
                ("partitions", _each(("partition", Int32), ("error_code", Int16))),
            ),
        ),
        _TAGS,
    )


class OffsetCommit(RequestStruct):
    """Note the group's offsets, valid once the transaction is committed."""

    API_KEY = 28
    API_VERSION = 5
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = OffsetCommitResponse
    SCHEMA = Schema(
        ("transactional_id", _TEXT),
        ("group_id", _TEXT),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("generation_id", Int32),
        ("member_id", _TEXT),
        ("group_instance_id", _TEXT),
        (
            "topics",
            _each(
                ("topic", _TEXT),
                (
                    "partitions",
                    _each(
                        ("partition", Int32),
                        ("offset", Int64),
                        ("leader_epoch", Int32),
                        ("metadata", _TEXT),
                    ),
                ),
            ),
        ),
        _TAGS,
    )


class EndResponse(Response):
    """The producer's next epoch."""

    API_KEY = 26
    API_VERSION = 5
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        _TAGS,
    )


class End(RequestStruct):
    """Commit the transaction."""

    API_KEY = 26
    API_VERSION = 5
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = EndResponse
    SCHEMA = Schema(
        ("transactional_id", _TEXT),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("committed", Boolean),
        _TAGS,
    )


class Call(NamedTuple):
    """A request in the one version that is spoken here."""

    request: RequestStruct

    def prepare(self, versions: dict[int, tuple[int, int]]) -> RequestStruct:
        """The request, if the broker knows it; raises IncompatibleBrokerVersion."""
        lowest, highest = versions.get(self.request.API_KEY, (0, -1))
        if not lowest <= self.request.API_VERSION <= highest:
            raise IncompatibleBrokerVersion("Kafka 4.0 or newer is needed")
        return self.request
