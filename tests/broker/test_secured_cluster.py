"""The embedded Kafka with TLS, users and grants: nobody comes in unknown, nobody does more."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from kafka.admin import KafkaAdminClient, ScramMechanism, UserScramCredentialUpsertion
from kafka.errors import KafkaError, TopicAuthorizationFailedError

from hub.broker.cluster import Cluster
from hub.broker.security import Security
from hub.errors import BrokerUnavailable
from hub.streaming import user_admin, users
from hub.streaming.admin import BrokerRefused, connected
from hub.users.grant import EVERYTHING, Grant, Operation, Resource
from hub.users.roles import User
from hub.users.roles import users as declared
from tests.support.kafka import cluster
from tests.support.waiting import until

pytestmark = pytest.mark.broker

SOON_MS: Final = 3000
PASSWORD: Final = "an-invented-password"


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Kafka that knows its users."""
    with cluster(tmp_path_factory.mktemp("secured"), secured=True) as started:
        yield started


def _user(name: str) -> UserScramCredentialUpsertion:
    return UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, PASSWORD)


def _security(of: Cluster) -> Security:
    assert of.security is not None
    return of.security


def test_the_operator_may_do_everything(secured: Cluster) -> None:
    """Who has the password that was made by chance creates topics and users."""
    with connected(secured.connection) as admin:
        admin.create_topics({"ours": {"num_partitions": 1, "replication_factor": 1}})
        admin.alter_user_scram_credentials([_user("somebody")])

        assert "ours" in admin.list_topics()
        until(lambda: {"hub", "somebody"} <= set(admin.describe_user_scram_credentials()))


def test_nobody_comes_in_unknown(secured: Cluster) -> None:
    """Without TLS, without a user, or with a wrong password nobody is answered."""
    wrong = _security(secured).client("hub", "guessed") | {
        "bootstrap_servers": secured.bootstrap,
        "bootstrap_timeout_ms": SOON_MS,
    }

    with pytest.raises(KafkaError):
        KafkaAdminClient(**wrong)
    with (
        pytest.raises(BrokerUnavailable),
        connected({"bootstrap_servers": secured.bootstrap}, SOON_MS),
    ):
        pass


def test_a_known_user_may_nothing_that_is_not_granted(secured: Cluster) -> None:
    """A user without any grant neither sees a topic nor creates one."""
    told: dict[str, Any] = _security(secured).client("nobody", PASSWORD)
    with connected(secured.connection) as admin:
        admin.alter_user_scram_credentials([_user("nobody")])

    with KafkaAdminClient(bootstrap_servers=secured.bootstrap, **told) as admin:
        assert admin.list_topics() == []
        with pytest.raises(TopicAuthorizationFailedError):
            admin.create_topics({"theirs": {"num_partitions": 1, "replication_factor": 1}})


def test_the_nodes_are_who_they_say(secured: Cluster) -> None:
    """A client that trusts the cluster's own authority, and no other, is sure whom it talks to."""
    context = ssl.create_default_context(cafile=str(_security(secured).ca_file))

    certificate = ssl.get_server_certificate(
        ("127.0.0.1", secured.nodes[0].port), ca_certs=str(_security(secured).ca_file)
    )

    assert certificate.startswith("-----BEGIN CERTIFICATE-----")
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_secrets_are_for_one_user_of_the_machine(secured: Cluster) -> None:
    """What holds a password or a key is readable by its owner only, and on no command line."""
    security = _security(secured)
    home = secured.nodes[0].folder
    private = [security.password_file, security.node_file, home / "server.properties"]

    assert [file.stat().st_mode & 0o077 for file in private] == [0, 0, 0]
    assert not list(home.glob("*.words"))
    told = Path(f"/proc/{secured.nodes[0].pid}/cmdline")
    if told.exists():
        assert security.password_file.read_text("utf-8") not in told.read_text("utf-8")


MORE: Final = Grant(Resource.TOPIC, EVERYTHING, Operation.WRITE)
NEVER: Final = Grant(Resource.TOPIC, "to.", Operation.READ, prefixed=True, allows=False)


def _applied(connection: dict[str, Any], prefix: str) -> tuple[User, ...]:
    """The users of a hub with this prefix, made as declared."""
    wanted = declared(prefix, f"{prefix}hub")
    users.apply(connection, wanted, {user.name: f"{PASSWORD}-{user.role}" for user in wanted})
    return wanted


def test_users_become_as_declared(secured: Cluster, topic_prefix: str) -> None:
    """Of a new broker all is told; then nothing differs, each may come, and twice is once."""
    wanted = declared(topic_prefix, f"{topic_prefix}hub")
    before = users.plan(secured.connection, wanted)

    for _ in range(2):
        _applied(secured.connection, topic_prefix)
        assert users.plan(secured.connection, wanted) == ()
    assert [(one.name, one.lacks) for one in before] == [(u.name, u.grants) for u in wanted]
    assert all(one.is_missing for one in before)
    told = _security(secured).client(f"{topic_prefix}door", f"{PASSWORD}-door")
    with KafkaAdminClient(bootstrap_servers=secured.bootstrap, **told) as admin:
        assert admin.list_topics() == []


def test_what_is_not_declared_is_taken_away(secured: Cluster, topic_prefix: str) -> None:
    """A grant too many and a prohibition by hand go; a missing one comes back; others' stay."""
    worker, door, *_ = wanted = _applied(secured.connection, topic_prefix)
    foreign = f"{topic_prefix}somebody"
    lost = next(iter(worker.grants))
    with connected(secured.connection) as admin:
        user_admin.grant(admin, door.name, [MORE, NEVER])
        user_admin.grant(admin, foreign, [MORE])
        user_admin.take_away(admin, worker.name, [lost])
    found = users.plan(secured.connection, wanted)

    _applied(secured.connection, topic_prefix)

    assert [(one.name, one.lacks, one.exceeds) for one in found] == [
        (worker.name, {lost}, frozenset()),
        (door.name, frozenset(), {MORE, NEVER}),
    ]
    assert users.plan(secured.connection, wanted) == ()
    with connected(secured.connection) as admin:
        assert user_admin.see(admin, [foreign]).grants[foreign] == {MORE}


def test_a_broker_without_grants_says_so(kafka: str, topic_prefix: str) -> None:
    """Where everybody may do everything there is nothing to compare, and that is an error."""
    with pytest.raises(BrokerRefused):
        users.plan({"bootstrap_servers": kafka}, declared(topic_prefix, "hub"))
