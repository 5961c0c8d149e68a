"""Hostile records and packets at a real broker and a real worker."""

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas.topics import REFERRALS
from tests.attacks.lane import CODECS, play
from tests.support import topics

pytestmark = [pytest.mark.broker, pytest.mark.e2e]

IN_CI = 1500
UNPACKED = 16 * 1024 * 1024


@pytest.mark.timeout(900)
def test_hostile_records(
    kafka: str, topic_prefix: str, tmp_path: Path, chance: random.Random
) -> None:
    """Each has its dead letter with a code, what is good between them goes on, nobody ends."""
    seen = play(kafka, topic_prefix, tmp_path, IN_CI, chance)
    assert seen.faults() == [], seen


@pytest.mark.parametrize("codec", [codec for codec in CODECS if codec])
async def test_packet_that_unpacks_to_much(kafka: str, topic_prefix: str, codec: str) -> None:
    """The broker refuses, to its sender, a small packet that holds a thousand times its size."""
    name = topic_prefix + REFERRALS.name
    topics.create(kafka, [name], 1, **REFERRALS.config())
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka,
        compression_type=codec,
        max_batch_size=2 * UNPACKED,
        max_request_size=2 * UNPACKED,
        request_timeout_ms=20_000,
    )
    await producer.start()
    try:
        batch = producer.create_batch()
        batch.append(key=b"case-1", value=bytes(UNPACKED), timestamp=None)
        with pytest.raises(KafkaError):
            await (await producer.send_batch(batch, name, partition=0))
    finally:
        with suppress(KafkaError):
            await producer.stop()
    assert await asyncio.to_thread(topics.read, kafka, name) == []
