"""The publisher while its broker is killed, frozen, or gone for long."""

import gc
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from connectors.errors import Later
from connectors.runner.publisher import Publisher
from hub.broker.cluster import Cluster
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import REFERRALS
from tests.support import topics
from tests.support.deliveries import referral
from tests.support.kafka import cluster
from tests.support.waiting import until

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.broker,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]
SPEAKERS = 4
EACH = 10
"""How many events a speaker says at a time."""


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[Cluster]:
    """A Kafka that may be killed, with the topic of referrals in it."""
    with cluster(tmp_path) as started:
        topics.create(started.bootstrap, [REFERRALS.name], partitions=SPEAKERS)
        yield started
    gc.collect()  # kafka-python leaves the sockets of failed attempts to the collector


class Speaker:
    """Says events of one subject, ten at a time, the same ten again when told Later."""

    def __init__(self, publisher: Publisher, number: int) -> None:
        """Say nothing yet."""
        self.number = number
        self.said = 0
        self.later = 0
        self.stop = threading.Event()
        self._publisher = publisher

    def speak(self) -> None:
        """Speak until `stop` is set and the last ten have arrived."""
        while not self.stop.is_set():
            numbers = range(self.said, self.said + EACH)
            events = [referral(f"{self.number}:{n}", f"case-{self.number}") for n in numbers]
            while not self._published(events):
                threading.Event().wait(0.1)
            self.said += EACH

    def _published(self, events: Sequence[Event[Data]]) -> bool:
        try:
            self._publisher(events)
        except Later:
            self.later += 1
            return False
        return True


def _killed(kafka: Cluster, refused: Callable[[], None]) -> None:
    kafka.nodes[0].kill()
    refused()
    kafka.nodes[0].start()
    kafka.await_ready()


def _frozen(kafka: Cluster, refused: Callable[[], None]) -> None:
    kafka.nodes[0].suspend()
    refused()
    kafka.nodes[0].resume()


@pytest.mark.parametrize("fault", [_killed, _frozen])
def test_nothing_lost_nothing_overtaken(
    own_kafka: Cluster, fault: Callable[[Cluster, Callable[[], None]], None]
) -> None:
    """Of what four speakers say through two faults all arrives, each subject in its order.

    What is tried again may lie there twice; the first copies are in order.
    """
    publisher = Publisher({"bootstrap_servers": own_kafka.bootstrap}, timeout_s=3)
    speakers = [Speaker(publisher, number) for number in range(SPEAKERS)]
    with ThreadPoolExecutor(SPEAKERS) as pool:
        speaking = [pool.submit(speaker.speak) for speaker in speakers]
        try:
            for _ in range(2):
                _until_more(lambda: sum(speaker.said for speaker in speakers), 300)
                fault(own_kafka, lambda: _until_more(lambda: sum(s.later for s in speakers), 1))
            _until_more(lambda: sum(speaker.said for speaker in speakers), 300)
        finally:
            for speaker in speakers:
                speaker.stop.set()
        for one in speaking:
            one.result(60)
    publisher.close()
    found: dict[int, list[int]] = defaultdict(list)
    for name in topics.ids(topics.read(own_kafka.bootstrap, REFERRALS.name)):
        number, _, n = name.partition(":")
        found[int(number)].append(int(n))
    for speaker in speakers:
        first_copies = list(dict.fromkeys(found[speaker.number]))
        assert first_copies == list(range(speaker.said))


def test_outage_needs_no_more_memory(own_kafka: Cluster) -> None:
    """However much is handed in while the broker is away, only so much is held."""
    publisher = Publisher({"bootstrap_servers": own_kafka.bootstrap}, timeout_s=2)
    publisher([referral("first")])
    own_kafka.nodes[0].suspend()
    events = [referral(n, f"case-{n}") for n in range(1000)]
    process, threads = psutil.Process(), threading.active_count()
    before = process.memory_info().rss

    def hand_in(_number: int) -> None:
        with pytest.raises(Later):
            publisher(events)

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(hand_in, range(120)))
    assert process.memory_info().rss - before < 40 * 1024 * 1024
    own_kafka.nodes[0].resume()
    publisher([referral("last")])
    publisher.close()
    until(lambda: threading.active_count() <= threads)
    found = topics.ids(topics.read(own_kafka.bootstrap, REFERRALS.name))
    assert {"first", "last"} <= set(found)


def _until_more(count: Callable[[], int], more: int) -> None:
    start = count()
    until(lambda: count() >= start + more)
