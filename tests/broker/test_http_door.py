"""The HTTP door before a real Kafka: 202 means that Kafka has it, whatever happens to Kafka."""

import gc
import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Event, Thread

import pytest

from connectors.runner.publisher import Publisher
from hub.broker.cluster import Cluster
from schemas.codec import decode
from schemas.topics import REFERRALS
from tests.support import topics
from tests.support.http_door import BATCH, STRUCTURED, a_running_door, an_event
from tests.support.kafka import cluster
from tests.support.waiting import until

pytestmark = pytest.mark.broker
PATIENCE_S = 90


@pytest.fixture(autouse=True)
def sockets_end_here() -> Iterator[None]:
    """What kafka-python leaves of refused connections is collected while it may be ignored."""
    yield
    gc.collect()


@pytest.fixture
def fragile(tmp_path: Path) -> Iterator[Cluster]:
    """A Kafka of this test's own, to be killed."""
    with cluster(tmp_path) as started:
        topics.create(started.bootstrap, [REFERRALS.name], partitions=2)
        yield started


def post(port: int, body: object, headers: dict[str, str] = STRUCTURED) -> HTTPResponse:
    """The answer to one request, read to its end."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/events", json.dumps(body), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_accepted_events_lie_on_their_topic(kafka: str, topic_prefix: str) -> None:
    """After 202 every event of the request can be read, in order and unchanged."""
    topic = topic_prefix + REFERRALS.name
    topics.create(kafka, [topic], partitions=3)
    publisher = Publisher({"bootstrap_servers": kafka}, topic_prefix, timeout_s=20)
    batch = [an_event(f"b-{n}") for n in range(50)]
    try:
        with a_running_door(publisher) as port:
            assert post(port, an_event("single")).status == 202
            assert post(port, batch, BATCH).status == 202
            assert post(port, [*batch, an_event("bad", purpose=None)], BATCH).status == 422
            found = [decode(record) for _, _, record in topics.read(kafka, topic)]
    finally:
        publisher.close()

    assert [event.context.id for event in found] == ["single", *(f"b-{n}" for n in range(50))]
    assert {event.context.party for event in found} == {"06432005"}


def test_nothing_accepted_is_lost_in_an_outage(fragile: Cluster) -> None:
    """Kafka killed: 503 with a time. Kafka back: the same request is accepted. Nothing is lost."""
    publisher = Publisher({"bootstrap_servers": fragile.bootstrap}, timeout_s=4)
    accepted: list[str] = []
    refused: list[HTTPResponse] = []
    enough = Event()

    with a_running_door(publisher, publish_timeout_s=6, max_open_requests=4) as port:

        def send_until_accepted(sender: str) -> None:
            number = 0
            while not enough.is_set():
                name = f"{sender}:{number}"
                answer = post(port, an_event(name, subject=f"case-{sender}"))
                if answer.status == 202:
                    accepted.append(name)
                    number += 1
                else:
                    refused.append(answer)
                    enough.wait(0.2)

        senders = [Thread(target=send_until_accepted, args=(name,)) for name in "abc"]
        for sender in senders:
            sender.start()
        try:
            until(lambda: len(accepted) > 30, PATIENCE_S)
            fragile.nodes[0].kill()
            until(lambda: len(refused) >= 3, PATIENCE_S)
            killed_at = len(accepted)
            fragile.nodes[0].start()
            fragile.await_ready()
            until(lambda: len(accepted) > killed_at + 30, PATIENCE_S)
        finally:
            enough.set()
            for sender in senders:
                sender.join(PATIENCE_S)
        assert {answer.status for answer in refused} == {503}
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
        last = an_event("last")
        until(lambda: post(port, last).status == 202, PATIENCE_S)
    publisher.close()

    found = topics.ids(topics.read(fragile.bootstrap, REFERRALS.name))
    assert set(accepted) <= set(found)
    for letter in "abc":
        first_seen = [name for name in dict.fromkeys(found) if name.startswith(letter)]
        assert first_seen == sorted(first_seen, key=lambda name: int(name[2:]))


def test_door_opens_without_kafka_and_closes_in_time() -> None:
    """Without Kafka the door is open, says 503, and still closes when told."""
    publisher = Publisher({"bootstrap_servers": "127.0.0.1:9"}, timeout_s=1)
    with a_running_door(publisher, publish_timeout_s=3) as port:
        answer = post(port, an_event())
        closing = time.monotonic()
    publisher.close()

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert time.monotonic() - closing < 10
