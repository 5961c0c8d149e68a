"""The publisher against a real Kafka."""

import dataclasses
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.errors import Broken, Later
from connectors.runner.publisher import WAVE_EVENTS, Publisher
from schemas.codec import decode, encode
from schemas.topics import REFERRALS
from tests.support import topics
from tests.support.deliveries import FAMILY_NAME, referral

pytestmark = pytest.mark.broker
WITH_LONG_NOTE = referral("any").data.model_copy(update={"note": "n" * 1500})
NOBODY = {"bootstrap_servers": "127.0.0.1:9"}


@pytest.fixture
def topic(kafka: str, topic_prefix: str) -> str:
    """The topic of referrals, with four partitions."""
    name = topic_prefix + REFERRALS.name
    topics.create(kafka, [name], partitions=4)
    return name


@pytest.fixture
def publisher(kafka: str, topic_prefix: str) -> Iterator[Publisher]:
    """A publisher to this test's topics."""
    made = Publisher({"bootstrap_servers": kafka}, topic_prefix, timeout_s=20)
    yield made
    made.close()


def test_arrives(kafka: str, topic: str, publisher: Publisher) -> None:
    """When the call returns, every event lies on the topic of its type, keyed by its subject."""
    events = [referral(n, f"case-{n % 7}") for n in range(2 * WAVE_EVENTS + 1)]
    publisher(events)
    found = [decode(record) for _, _, record in topics.read(kafka, topic)]
    assert sorted(found, key=lambda e: int(e.context.id)) == events


def test_order(kafka: str, topic: str, publisher: Publisher) -> None:
    """Events of one subject lie in the order of the calls, whoever else calls meanwhile."""

    def speak(case: str) -> None:
        for first in range(0, 200, 5):
            publisher(
                [referral(f"{case}/{n}".replace("/", ":"), case) for n in range(first, first + 5)]
            )

    cases = [f"case-{n}" for n in range(6)]
    with ThreadPoolExecutor(len(cases)) as pool:
        list(pool.map(speak, cases))
    by_case: dict[str, list[int]] = defaultdict(list)
    for found in topics.ids(topics.read(kafka, topic)):
        case, _, n = found.partition(":")
        by_case[case].append(int(n))
    assert by_case == {case: list(range(200)) for case in cases}


def test_nothing_after_a_failure(kafka: str, topic_prefix: str) -> None:
    """When Kafka refuses one event for good, nothing after it is sent, and the next call works."""
    name = topic_prefix + REFERRALS.name
    topics.create(kafka, [name], max_message_bytes="2000")
    large = dataclasses.replace(referral("large"), data=WITH_LONG_NOTE)
    assert encode(referral("small")).size() < 1500
    assert encode(large).size() > 2000
    publisher = Publisher({"bootstrap_servers": kafka}, topic_prefix, timeout_s=20)
    with pytest.raises(Broken):
        publisher([referral("before"), large, *(referral(f"after-{n}") for n in range(5))])
    assert topics.ids(topics.read(kafka, name)) == ["before"]
    publisher([referral("next")])
    publisher.close()
    assert topics.ids(topics.read(kafka, name)) == ["before", "next"]


def test_nothing_to_say(publisher: Publisher) -> None:
    """A call without events returns, whether or not anybody is there."""
    publisher([])
    Publisher(NOBODY)([])


def test_topic_is_missing(kafka: str, topic_prefix: str) -> None:
    """A topic that nobody made raises Later, is not made, and works once it is there."""
    name = topic_prefix + REFERRALS.name
    publisher = Publisher({"bootstrap_servers": kafka}, topic_prefix, timeout_s=2)
    with pytest.raises(Later):
        publisher([referral(1)])
    with topics.admin(kafka) as client:
        assert name not in client.list_topics()
    topics.create(kafka, [name])
    publisher([referral(1)])
    publisher.close()
    assert topics.ids(topics.read(kafka, name)) == ["1"]


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_nobody_there() -> None:
    """No broker at all raises Later, without a word of the event, and leaves no thread behind."""
    before = set(threading.enumerate())
    publisher = Publisher(NOBODY, timeout_s=0.5)
    for _ in range(3):
        with pytest.raises(Later) as said:
            publisher([referral(1)])
        assert FAMILY_NAME not in str(said.value)
    publisher.close()
    assert set(threading.enumerate()) <= before


def test_closed_while_open(kafka: str, topic: str, publisher: Publisher) -> None:
    """A publisher that was closed connects again when it is called again."""
    publisher([referral(1)])
    publisher.close()
    publisher([referral(2)])
    assert sorted(topics.ids(topics.read(kafka, topic))) == ["1", "2"]
