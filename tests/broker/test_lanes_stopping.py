"""A worker that is told to stop while its lanes are opening stops in order."""

import asyncio
from typing import NoReturn

import pytest
from aiokafka import TopicPartition

from hub import origins, wiring
from hub.streaming import lanes as module
from hub.streaming.lanes import Lanes
from tests.support.running_hub import declare_topics

pytestmark = pytest.mark.broker


@pytest.fixture(name="lanes")
def _lanes(kafka: str, topic_prefix: str, monkeypatch: pytest.MonkeyPatch) -> Lanes:
    """The lanes of a worker on topics of its own; doubt raises instead of ending the process."""

    def doubt(why: str, **facts: object) -> NoReturn:
        raise AssertionError(why, facts)

    monkeypatch.setattr(module, "die", doubt)
    declare_topics(kafka, topic_prefix)
    settings = origins.load({"kafka.bootstrap": kafka, "topic_prefix": topic_prefix})
    return Lanes(wiring.rules(settings), wiring.lanes(settings))


async def test_lanes_that_are_opening_are_given_up(lanes: Lanes) -> None:
    """What a rebalance brought at the last moment is not opened, and no doubt comes of it."""
    await lanes.start()
    places = {TopicPartition(topic, number) for topic in lanes.topics for number in range(2)}
    opening = asyncio.create_task(lanes.assigned(places))
    await asyncio.sleep(0)  # it has begun
    await lanes.close()
    async with asyncio.timeout(30):
        await opening
    assert lanes.open_lanes == {}
    await lanes.assigned(places)  # and one more rebalance
    assert lanes.open_lanes == {}
