"""What `hub/streaming/transport.py` overrides still is what it was when it was written."""

import hashlib
import inspect
from collections.abc import Callable
from importlib.metadata import version

import aiokafka
import faust
import pytest
from aiokafka.consumer.consumer import AIOKafkaConsumer
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.producer.producer import AIOKafkaProducer
from faust.tables.recovery import Recovery
from faust.transport.consumer import Consumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread

PINS = {
    "faust-streaming": "0.15.3",
    "mode-streaming": "0.7.1",
    "aiokafka": "0.14.0",
    "venusian": "3.1.0",
}
READ = {
    Consumer._drain_messages: "44a2500309e8",
    AIOKafkaConsumerThread._create_worker_consumer: "c2701bfc3e6f",
    AIOKafkaConsumerThread.seek_wait: "12e8d34e554e",
    AIOKafkaConsumerThread.on_partitions_assigned: "e59e8dda4372",
    GroupCoordinator._start_heartbeat_task: "358d0cfad997",
    Recovery._wait: "ec7429b70176",
    Recovery._resume_streams: "d986a6710c1a",
    faust.App._create_directories: "a9f571c3b04a",
    faust.App._crash: "7bc0c709a151",
    faust.App._on_partitions_assigned: "de932b7927db",
    faust.App._on_partitions_revoked: "d5c895bbe57d",
    AIOKafkaProducer.send_batch: "bf42b0f0c5c0",
    AIOKafkaProducer.send_offsets_to_transaction: "4b58002b4496",
    AIOKafkaProducer.commit_transaction: "c7f9677c8941",
}
"""The digest of each function that was read before it was overridden or relied on."""


def digest(function: Callable[..., object]) -> str:
    """A short digest of a function's source."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]


@pytest.mark.parametrize("package", PINS)
def test_the_pins_are_installed(package: str) -> None:
    """The versions that were measured are the versions that run."""
    assert PINS[package] == version(package)


@pytest.mark.parametrize("function", READ, ids=lambda function: function.__qualname__)
def test_what_is_overridden_has_not_changed(function: Callable[..., object]) -> None:
    """Who moves a pin reads these functions again before this digest is renewed."""
    assert READ[function] == digest(function)


async def test_the_private_settings_of_the_consumer_are_still_there() -> None:
    """Isolation level and fetch wait are set where aiokafka reads them when it starts."""
    consumer = aiokafka.AIOKafkaConsumer()

    try:
        assert hasattr(consumer, "_isolation_level")
        assert hasattr(consumer, "_fetch_max_wait_ms")
    finally:
        await consumer.stop()
    assert "self._isolation_level" in inspect.getsource(AIOKafkaConsumer.start)
    assert "self._fetch_max_wait_ms" in inspect.getsource(AIOKafkaConsumer.start)
