"""Who asks a broker that is away leaves no client behind, however it asks."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aiokafka import TopicPartition
from kafka.errors import KafkaError

from hub.broker.ports import free
from hub.errors import BrokerUnavailable
from hub.streaming import positions
from hub.streaming.admin import connected
from hub.streaming.ages import ages
from hub.streaming.reading import Reader
from hub.streaming.watchdog import Signs, Watchdog
from schemas.topics import REFERRALS
from tests.support.waiting import until

Connection = Mapping[str, Any]


def _ages(connection: Connection) -> None:
    with pytest.raises(BrokerUnavailable, match=r"127\.0\.0\.1"):
        ages(connection, [REFERRALS], "", 0)


def _reader(connection: Connection) -> None:
    with pytest.raises(BrokerUnavailable, match=r"127\.0\.0\.1"):
        Reader(connection, ["any"])


def _admin(connection: Connection) -> None:
    with pytest.raises(BrokerUnavailable), connected(connection, 500):
        pass


def _stable_offsets(connection: Connection) -> None:
    with pytest.raises(KafkaError):
        asyncio.run(positions.stable_offsets(connection, "g", [TopicPartition("any", 0)]))


def _watchdog(connection: Connection) -> None:
    """It looks again and again for as long as the broker is away."""

    class Lanes:
        def sources(self) -> dict[object, object]:
            return {}

    signs = Signs(lambda: 0.0, lambda: False, Lanes())  # type: ignore[arg-type]  # no lanes needed
    dog = Watchdog(signs, connection, 45)
    for _ in range(2):
        assert dog._asked(lambda consumer: consumer.topics()) is None


@pytest.mark.parametrize("ask", [_ages, _reader, _admin, _stable_offsets, _watchdog])
def test_nothing_is_left(ask: Callable[[Connection], None]) -> None:
    """The client's thread, which owns its sockets, is gone."""
    (port,) = free(1)
    connection = {"bootstrap_servers": f"127.0.0.1:{port}", "bootstrap_timeout_ms": 500}
    before = set(threading.enumerate())
    ask(connection)

    until(lambda: set(threading.enumerate()) <= before, within_s=60)
