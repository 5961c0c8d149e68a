"""What `hub/streaming` overrides or relies on still is what it was when it was written."""

import asyncio
import hashlib
import inspect
from collections.abc import Callable
from importlib.metadata import version
from typing import Final

import aiokafka
import faust
import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import AIOKafkaConnection
from aiokafka.consumer.fetcher import Fetcher, PartitionRecords
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.record.default_records import DefaultRecordBatchBuilder, _DefaultRecordBatchPy
from faust.tables.recovery import Recovery
from faust.transport.consumer import Consumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread

from schemas.topics import LANE_TOPICS
from tests.support import topics

PINS: Final = {
    "faust-streaming": "0.15.3",
    "mode-streaming": "0.7.1",
    "aiokafka": "0.14.0",
    "venusian": "3.1.0",
}
READ: Final[dict[Callable[..., object], str]] = {
    # the transport's overrides
    Consumer._drain_messages: "44a2500309e8",
    AIOKafkaConsumerThread._create_worker_consumer: "c2701bfc3e6f",
    AIOKafkaConsumerThread.seek_wait: "12e8d34e554e",
    AIOKafkaConsumerThread.on_partitions_assigned: "e59e8dda4372",
    AIOKafkaConsumerThread.on_thread_stop: "8dfc004e258b",
    AIOKafkaConsumerThread.on_start: "38b4e8bd1e10",
    GroupCoordinator.check_errors: "ba6ca51ad348",
    GroupCoordinator._coordination_routine: "75273e127d4a",
    GroupCoordinator._push_error_to_user: "743ff515bd7e",
    GroupCoordinator._start_heartbeat_task: "358d0cfad997",
    GroupCoordinator._maybe_leave_group: "016cd88a16e6",
    RangePartitionAssignor.assign: "3d310cce9629",
    Fetcher._proc_fetch_request: "59bf948fff47",
    PartitionRecords._unpack_records: "b803e6d46480",
    _DefaultRecordBatchPy._read_msg: "0997ab7a5850",
    _DefaultRecordBatchPy.__iter__: "492967e59f45",
    # the app's
    Recovery._wait: "ec7429b70176",
    Recovery._resume_streams: "d986a6710c1a",
    faust.App._create_directories: "a9f571c3b04a",
    faust.App._crash: "7bc0c709a151",
    faust.App._on_partitions_assigned: "de932b7927db",
    faust.App._on_partitions_revoked: "d5c895bbe57d",
    # what a lane's transactions are written on
    AIOKafkaClient.send: "246b277687d7",
    AIOKafkaClient.coordinator_lookup: "19cc69fb75f8",
    AIOKafkaClient.force_metadata_update: "cb7befef21c8",
    AIOKafkaClient._md_synchronizer: "e0421bffa9a7",
    AIOKafkaClient.add_topic: "b054eda66291",
    AIOKafkaClient._wait_on_metadata: "52b0a5ee78ef",
    AIOKafkaConnection.send: "5909ea32f4ef",
    # what the standby reads with
    AIOKafkaConsumer.getmany: "bc6d248e42a4",
    AIOKafkaConsumer.position: "2512259a90a2",
    AIOKafkaConsumer.end_offsets: "f4b190785818",
    # what has to be ended before it can be stopped
    AIOKafkaConsumer.stop: "bc5da9c98595",
    Fetcher.close: "1cd24bc1c442",
    Fetcher._fetch_requests_routine: "2a8ec5932644",
}
"""The digest of each function that was read before it was overridden or relied on."""
SETTINGS: Final = ("_isolation_level", "_fetch_max_wait_ms", "_partition_assignment_strategy")
"""Private settings of the consumer that the transport sets."""


def digest(function: Callable[..., object]) -> str:
    """A short digest of a function's source."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]


@pytest.mark.parametrize("package", PINS)
def test_the_pins_are_installed(package: str) -> None:
    """The versions that were measured are the versions that run."""
    assert PINS[package] == version(package)


@pytest.mark.parametrize("function", READ, ids=lambda function: function.__qualname__)
def test_what_is_relied_on_has_not_changed(function: Callable[..., object]) -> None:
    """Who moves a pin reads these functions again before this digest is renewed."""
    assert READ[function] == digest(function)


def test_the_builder_of_batches_is_the_fast_one() -> None:
    """It is compiled, so only the pin of its package guards what it does."""
    assert DefaultRecordBatchBuilder.__module__ == "aiokafka.record._crecords.default_records"


async def test_the_private_settings_of_the_consumer_are_still_there() -> None:
    """What the transport sets is read where aiokafka starts its consumer."""
    consumer = aiokafka.AIOKafkaConsumer()
    start = inspect.getsource(AIOKafkaConsumer.start)

    try:
        assert [name for name in SETTINGS if not hasattr(consumer, name)] == []
    finally:
        await consumer.stop()
    assert [name for name in SETTINGS if f"self.{name}" not in start] == []


class Owned(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """What a member owns, as the group tells it."""

    def __init__(self, changed: asyncio.Event) -> None:
        """Nothing yet."""
        self.numbers: dict[str, set[int]] = {}
        self._changed = changed

    def on_partitions_revoked(self, _: set[aiokafka.TopicPartition]) -> None:
        """Own nothing until told anew."""
        self.numbers = {}

    def on_partitions_assigned(self, assigned: set[aiokafka.TopicPartition]) -> None:
        """Own these, by topic."""
        for place in assigned:
            self.numbers.setdefault(place.topic, set()).add(place.partition)
        self._changed.set()


@pytest.mark.broker
async def test_members_get_the_same_numbers_of_every_topic(kafka: str, topic_prefix: str) -> None:
    """Whoever gets a partition of one input topic gets the same of all: that is a lane."""
    names = [topic_prefix + topic.name for topic in LANE_TOPICS]
    await asyncio.to_thread(topics.create, kafka, names, 4)
    consumers: list[AIOKafkaConsumer] = []
    changed = asyncio.Event()
    owned = [Owned(changed), Owned(changed)]
    try:
        for each in owned:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=kafka,
                group_id=topic_prefix,
                partition_assignment_strategy=(RangePartitionAssignor,),
                heartbeat_interval_ms=200,
            )
            consumer.subscribe(names, listener=each)
            await consumer.start()
            consumers.append(consumer)
        while not all(each.numbers for each in owned):
            await changed.wait()
            changed.clear()
    finally:
        for consumer in consumers:
            await consumer.stop()

    for each in owned:
        (numbers,) = {frozenset(found) for found in each.numbers.values()}
        assert len(numbers) == 2
        assert set(each.numbers) == set(names)
