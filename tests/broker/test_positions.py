"""What a lane asks the broker about what lies ahead of it."""

import asyncio

import pytest
from aiokafka import TopicPartition

from hub.streaming.positions import Gaps
from schemas.codec import Record
from tests.support import topics

pytestmark = pytest.mark.broker


async def test_a_question_has_its_answer_before_the_client_goes(
    kafka: str, topic_prefix: str
) -> None:
    """A worker that stops while a lane asks ends both in order, and nothing crashes."""
    name = f"{topic_prefix}one"
    topics.create(kafka, [name], partitions=2)
    gaps = Gaps({"bootstrap_servers": kafka})
    assert await gaps.unread({TopicPartition(name, 0): 0}) == {}
    (number,) = await asyncio.to_thread(_send, kafka, name, 1)
    asking = asyncio.create_task(gaps.first_readable(TopicPartition(name, number), 1))
    await asyncio.sleep(0)  # it is being asked
    stopping = asyncio.create_task(gaps.stop())
    await asyncio.to_thread(_send, kafka, name, 1)

    async with asyncio.timeout(20) as limit:
        assert await asking == (2, 0)
        await stopping

    assert not limit.expired()  # aiokafka swallows what the limit raises


def _send(kafka: str, topic: str, count: int) -> set[int]:
    """Records of one key, in a transaction; their partition."""
    with topics.transactional(kafka, topic) as producer:
        topics.transact(producer, [(topic, Record(b"key", b"{}", []))] * count)
    return {partition for partition, _, _ in topics.read(kafka, topic)}
