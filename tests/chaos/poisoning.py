"""Puts records that are no events, and events that are on the wrong topic, among the traffic."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from schemas.codec import encode
from schemas.problems import ProblemCode
from schemas.topics import INPUTS, TOPIC_OF
from tests.chaos.poison import NotText, Poison, every_sort
from tests.chaos.stage import Stage
from tests.chaos.traffic import Sent
from tests.chaos.trust import Door
from tests.support.event_stream import events
from tests.support.routing_oracle import Expected

LARGEST: Final = 64 * 1024 * 1024
LAST_MS: Final = 2**63 - 1
MISPLACED: Final = 5
SERVINGS: Final = 5


def poison(stage: Stage, chance: random.Random) -> None:
    """Records of every sort that are no events lie among the events; none stops a lane."""
    _take_any_time(stage)
    sorts = every_sort(chance)
    chance.shuffle(sorts)
    for nth in range(SERVINGS):
        asyncio.run(_send(stage, chance, sorts[nth::SERVINGS]))
        _misplace(stage, chance)
        stage.meanwhile(chance.uniform(0.2, 1))
    stage.wait_until_moving()


def _take_any_time(stage: Stage) -> None:
    """Let the topics keep the senders' own timestamps, however wrong they are."""
    told = {"message.timestamp.type": "CreateTime", "message.timestamp.after.max.ms": str(LAST_MS)}
    topics = [
        ConfigResource(ConfigResourceType.TOPIC, stage.prefix + topic.name, told)
        for topic in INPUTS
    ]
    with closing(KafkaAdminClient(bootstrap_servers=stage.cluster.bootstrap)) as admin:
        admin.alter_configs(topics)


async def _send(stage: Stage, chance: random.Random, sorts: Sequence[Poison]) -> None:
    for codec in {one.codec for one in sorts}:
        producer = AIOKafkaProducer(
            bootstrap_servers=stage.cluster.bootstrap,
            compression_type=codec,
            max_batch_size=LARGEST,
            max_request_size=LARGEST,
        )
        await producer.start()
        try:
            for one in sorts:
                if one.codec == codec:
                    topic = chance.choice(INPUTS)
                    partition = chance.randrange(topic.partitions)
                    await _send_one(stage, producer, one, stage.prefix + topic.name, partition)
        finally:
            await producer.stop()


async def _send_one(
    stage: Stage, producer: AIOKafkaProducer, one: Poison, topic: str, partition: int
) -> None:
    if any(isinstance(name, NotText) for name, _ in one.headers):
        await asyncio.to_thread(_send_raw, stage, one, topic, partition)
        return
    batch = producer.create_batch()
    for value in one.values:
        batch.append(
            key=one.key, value=value, timestamp=one.timestamp_ms, headers=list(one.headers)
        )
    with suppress(MessageSizeTooLargeError):  # the broker refuses what unpacks to too much
        await (await producer.send_batch(batch, topic, partition=partition))


def _send_raw(stage: Stage, one: Poison, topic: str, partition: int) -> None:
    """By kafka-python: it takes a header's name as it encodes itself."""
    with closing(KafkaProducer(bootstrap_servers=stage.cluster.bootstrap)) as producer:
        for value in one.values:
            sent = producer.send(topic, value, one.key, list(one.headers), partition)
            sent.get(timeout=30)


def _misplace(stage: Stage, chance: random.Random) -> None:
    """Send good events to a topic that is not theirs; each must be refused with a receipt."""
    seed, door = chance.randrange(2**32), Door(stage.told.settings)
    with closing(KafkaProducer(bootstrap_servers=stage.cluster.bootstrap)) as producer:
        for good, _ in events(seed, MISPLACED, datetime.now(UTC) - timedelta(hours=1)):
            name = f"misplaced-{len(stage.misplaced)}"
            event = replace(good, context=good.context.model_copy(update={"id": name}))
            wrong = [topic for topic in INPUTS if topic != TOPIC_OF[event.data.TYPE]]
            record = door(encode(event))
            topic = stage.prefix + chance.choice(wrong).name
            producer.send(topic, record.value, record.key, list(record.headers)).get(timeout=30)
            refused = Expected(refused=ProblemCode.WRONG_TOPIC)
            stage.misplaced.append(Sent(-1, event, refused, time.monotonic()))
