"""The outbox, the webhook and the mailbox with real parts, their processes killed on the way."""

import gc
import json
import random
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

import psutil
import pytest
from kafka import KafkaProducer

from hub.broker.cluster import Cluster
from schemas.codec import decode, encode
from schemas.topics import SUPPORT_OFFERS, delivery_topic
from tests.broker.until_sigterm import READY
from tests.contract.subject_mailbox import OnSqlite as Mailboxes
from tests.contract.subject_outbox import Outbox, disposed
from tests.contract.subject_webhook import LOOPBACK, Call, Receiver
from tests.support import topics
from tests.support.deliveries import FAMILY_NAME, PARTY, referral
from tests.support.kafka import cluster
from tests.support.postgres import Postgres, started
from tests.support.programs import ROOT
from tests.support.waiting import until

pytestmark = [
    pytest.mark.broker,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]
CASES: Final = 5
ALL: Final = 200
HALF: Final = 60


class Running:
    """A connector in a process of its own, killed and started again at will."""

    def __init__(self, kind: str, told: Mapping[str, Any], folder: Path) -> None:
        """Start it; what it says goes into `folder`."""
        self._command = [sys.executable, "-m", f"tests.broker.{kind}_process", json.dumps(told)]
        self._log = folder / f"{kind}-{id(self)}.log"
        self.start()

    def start(self) -> None:
        """Start it."""
        self._ready = False
        with self._log.open("ab") as out:
            self._process = psutil.Popen(
                self._command, cwd=ROOT, stdout=subprocess.PIPE, stderr=out, text=True
            )

    def line(self) -> str:
        """The next line it prints."""
        if not self._ready:
            self._ready = True
            assert self._line() == READY, self._said()
        return self._line()

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        self._over()

    def end(self) -> None:
        """Ask it to end, which it does well; and nothing personal was said."""
        if not self._ready:
            assert self._line() == READY, self._said()
        self._process.send_signal(signal.SIGTERM)
        assert self._over() == 0, self._said()
        assert FAMILY_NAME not in self._log.read_text("utf-8")

    def close(self) -> None:
        """End it, if it still runs."""
        if self._process.is_running():
            self.kill()

    def _line(self) -> str:
        return str(self._process.stdout.readline()).strip()

    def _over(self) -> int | None:
        status = self._process.wait(60)
        self._process.stdout.close()
        return status

    def _said(self) -> str:
        return self._log.read_text("utf-8")[-3000:]


@contextmanager
def running(kind: str, told: Mapping[str, Any], folder: Path) -> Iterator[Running]:
    """A connector, ended when the block is over."""
    process = Running(kind, told, folder)
    try:
        yield process
        process.end()
    finally:
        process.close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL."""
    with started() as server:
        yield server


@pytest.fixture
def outbox(postgres: Postgres) -> Iterator[Outbox]:
    """An empty outbox."""
    with disposed(Outbox.on_postgres(postgres, batch_events=20)) as made:
        yield made


def told_of(outbox: Outbox, bootstrap: str, prefix: str) -> dict[str, Any]:
    """What an outbox door needs to know."""
    options = outbox.options.model_dump(mode="json")
    assert outbox.options.database is not None
    options["database"] = outbox.options.database.get_secret_value()
    return {"bootstrap": bootstrap, "prefix": prefix, "options": options}


def first_copies(bootstrap: str, topic: str) -> dict[str, list[str]]:
    """The ids of each case on the topic, in the order in which they first came."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for _, _, record in topics.read(bootstrap, topic):
        context = decode(record).context
        found[context.subject].setdefault(context.id)
    return {case: list(ids) for case, ids in found.items()}


def written(outbox: Outbox) -> dict[str, list[str]]:
    """The ids of each case in the order in which they were written."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in outbox.rows():
        found[row["aggregateid"]].append(str(row["id"]))
    return found


@pytest.mark.postgres
def test_outbox_doors_killed(
    kafka: str, topic_prefix: str, outbox: Outbox, tmp_path: Path, chance: random.Random
) -> None:
    """Two doors, one of them killed: every row arrives, each case in its order."""
    topic = topic_prefix + SUPPORT_OFFERS.name
    topics.create(kafka, [topic], partitions=3)
    told = told_of(outbox, kafka, topic_prefix)
    with running("outbox", told, tmp_path), running("outbox", told, tmp_path) as victim:
        outbox.put(ALL)
        enough = ALL - chance.randrange(1, ALL)
        until(lambda: outbox.waiting() < enough)
        victim.kill()
        outbox.put(ALL)
        victim.start()
        until(lambda: outbox.waiting() == 0)
    assert first_copies(kafka, topic) == written(outbox)
    assert sum(len(ids) for ids in written(outbox).values()) == 2 * ALL


def deliver(hub: KafkaProducer, topic: str, numbers: range) -> None:
    """Put deliveries on the topic, every second transaction aborted and then said again."""
    for first in numbers[::20]:
        chunk = range(first, min(first + 20, numbers.stop))
        said = [
            (topic, encode(referral(f"d-{n}", f"case-{n % CASES}", recipient=PARTY))) for n in chunk
        ]
        if first % 40:
            topics.transact(hub, said, commit=False)
        topics.transact(hub, said)


def by_case(bodies: Sequence[bytes]) -> dict[str, list[int]]:
    """The numbers of each case in the order in which they first came."""
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for body in bodies:
        said = json.loads(body)
        found[said["subject"]].setdefault(int(said["id"].removeprefix("d-")))
    return {case: list(numbers) for case, numbers in found.items()}


def expected(count: int) -> dict[str, list[int]]:
    """The same as it should be."""
    return {f"case-{n}": list(range(n, count, CASES)) for n in range(CASES)}


def of_sink(bootstrap: str, topic: str, options: Mapping[str, object]) -> dict[str, Any]:
    """What a sink needs to know."""
    group = f"{topic}.test"
    return {"bootstrap": bootstrap, "topics": {topic: PARTY}, "group": group, "options": options}


def webhook_options(folder: Path, receiver: Receiver) -> dict[str, object]:
    """A receiver on this machine, tried again soon."""
    return {
        "receivers": {PARTY: receiver.url},
        "store": str(folder / "webhook.sqlite"),
        "allow_networks": LOOPBACK,
        "allow_http": True,
        "first_retry_s": 0.05,
        "longest_retry_s": 0.2,
        "pause_s": 0.1,
        "longest_pause_s": 0.2,
    }


def test_webhook_killed(
    kafka: str, topic_prefix: str, tmp_path: Path, chance: random.Random
) -> None:
    """A webhook killed at a receiver that fails: all comes, in order, a repeat under its old id."""
    topic = topic_prefix + delivery_topic(PARTY).name
    topics.create(kafka, [topic])

    def answer(_: Call) -> int:
        return chance.choice([204, 204, 204, 204, 422, 503])

    with ExitStack() as stack:
        hub = stack.enter_context(topics.transactional(kafka, topic))
        receiver = stack.enter_context(Receiver(answer))
        told = of_sink(kafka, topic, webhook_options(tmp_path, receiver))
        process = stack.enter_context(running("webhook", told, tmp_path))
        deliver(hub, topic, range(HALF))
        until(lambda: len(set(receiver.ids)) > HALF // 3)
        process.kill()
        deliver(hub, topic, range(HALF, 2 * HALF))
        process.start()
        bodies = receiver.calls
        until(lambda: len({call.message_id for call in bodies}) == 2 * HALF)
        until(lambda: by_case([call.body for call in bodies]) == expected(2 * HALF))
    names = {(call.message_id, json.loads(call.body)["id"]) for call in receiver.calls}
    assert len(names) == 2 * HALF


def test_mailbox_killed(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    """A mailbox killed while it is filled and emptied: each item is found once, in order."""
    topic = topic_prefix + delivery_topic(PARTY).name
    topics.create(kafka, [topic])
    url = f"sqlite:///{tmp_path / 'mailbox.sqlite'}"
    told = of_sink(kafka, topic, {"database": url, "parties": [PARTY], "port": 0})
    bodies: list[bytes] = []
    with ExitStack() as stack:
        hub = stack.enter_context(topics.transactional(kafka, topic))
        process = stack.enter_context(running("mailbox", told, tmp_path))
        deliver(hub, topic, range(HALF))
        port = int(process.line())
        until(lambda: _collected(port, bodies, HALF // 2))
        process.kill()
        deliver(hub, topic, range(HALF, 2 * HALF))
        process.start()
        port = int(process.line())
        until(lambda: _collected(port, bodies, 2 * HALF))
    assert by_case(bodies) == expected(2 * HALF)
    assert len(bodies) == 2 * HALF
    tables = Mailboxes(url)
    assert tables.run("SELECT count(body) FROM mailbox_items") == [(0,)]
    tables.engine.dispose()


def _collected(port: int, bodies: list[bytes], enough: int) -> bool:
    """Collect and acknowledge what is there, as far as enough."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as town_hall:
        here = f"/mailbox/{PARTY}"
        for item in json.loads(_call(town_hall, "GET", f"{here}?limit=20&wait=1"))["items"]:
            if len(bodies) >= enough:
                break
            body = _call(town_hall, "GET", f"{here}/{item['id']}")
            _call(town_hall, "POST", f"{here}/{item['id']}/acknowledge")
            bodies.append(body)
    return len(bodies) >= enough


def _call(town_hall: HTTPConnection, method: str, path: str) -> bytes:
    town_hall.request(method, path, headers={"Authorization": f"Bearer {PARTY}"})
    answer = town_hall.getresponse()
    body = answer.read()
    assert answer.status in (200, 204), body
    return body


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[Cluster]:
    """A Kafka that may be killed."""
    with cluster(tmp_path / "kafka") as own:
        yield own
    gc.collect()  # kafka-python leaves the sockets of failed attempts to the collector


def test_broker_killed(own_kafka: Cluster, tmp_path: Path) -> None:
    """A broker killed on the way costs all three nothing but time."""
    topic = delivery_topic(PARTY).name
    bootstrap = own_kafka.bootstrap
    topics.create(bootstrap, [SUPPORT_OFFERS.name, topic])
    url = f"sqlite:///{tmp_path / 'mailbox.sqlite'}"
    bodies: list[bytes] = []
    with ExitStack() as stack:
        outbox = stack.enter_context(disposed(Outbox.on_sqlite(tmp_path)))
        receiver = stack.enter_context(Receiver())
        stack.enter_context(running("outbox", told_of(outbox, bootstrap, ""), tmp_path))
        calling = of_sink(bootstrap, topic, webhook_options(tmp_path, receiver))
        stack.enter_context(running("webhook", calling, tmp_path))
        kept = of_sink(bootstrap, topic, {"database": url, "parties": [PARTY], "port": 0})
        mailbox = stack.enter_context(running("mailbox", kept | {"group": "mailbox"}, tmp_path))
        port = int(mailbox.line())
        for part in range(2):
            with topics.transactional(bootstrap, topic) as hub:
                deliver(hub, topic, range(part * 40, (part + 1) * 40))
            outbox.put(40)
            until(lambda part=part: len(receiver.calls) > part * 40)  # type: ignore[misc]
            if part == 0:
                own_kafka.nodes[0].kill()
                outbox.put(40)
                own_kafka.nodes[0].start()
                own_kafka.await_ready()
        until(lambda: outbox.waiting() == 0)
        until(lambda: len(set(receiver.ids)) == 80)
        until(lambda: _collected(port, bodies, 80))
        assert first_copies(bootstrap, SUPPORT_OFFERS.name) == written(outbox)
    assert by_case(bodies) == by_case([call.body for call in receiver.calls]) == expected(80)
    assert len(bodies) == 80
