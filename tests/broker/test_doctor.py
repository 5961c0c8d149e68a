"""What `hub doctor` asks a broker with users and grants."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from hub.broker.cluster import Cluster
from hub.doctor import cluster as on_broker
from hub.doctor import rights
from hub.doctor.check import Check, Health, guarded
from hub.origins import load
from hub.settings import Settings
from hub.streaming import observation
from tests.support.kafka import cluster
from tests.support.running_hub import declare
from tests.support.waiting import until

pytestmark = pytest.mark.broker

PASSWORD: Final = "an-invented-password"
CLERK: Final = "somebody"
OK: Final = Health.OK


@pytest.fixture(scope="module", name="kafka_with_users")
def _kafka_with_users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Kafka that knows its users, with the hub's topics and one user without any right."""
    with cluster(tmp_path_factory.mktemp("secured"), secured=True) as started:
        declare(started.connection, "")
        with KafkaAdminClient(**started.connection) as admin:
            user = UserScramCredentialUpsertion(CLERK, ScramMechanism.SCRAM_SHA_512, PASSWORD)
            admin.alter_user_scram_credentials([user])
        yield started


def _settings(kafka: Cluster, user: str, password: str) -> Settings:
    assert kafka.security is not None
    return load(
        {
            "kafka.bootstrap": kafka.bootstrap,
            "kafka.security_protocol": "SASL_SSL",
            "kafka.username": user,
            "kafka.password": password,
            "kafka.ca_file": str(kafka.security.ca_file),
            "file_drop.root": "none",
            "backoffice.parties": "kfb",
        }
    )


@pytest.fixture(name="operator")
def _operator(kafka_with_users: Cluster) -> Settings:
    """The settings of who may do everything."""
    assert kafka_with_users.security is not None
    password = kafka_with_users.security.password_file.read_text("utf-8").strip()
    return _settings(kafka_with_users, "hub", password)


@pytest.fixture(name="stranger")
def _stranger(kafka_with_users: Cluster) -> Settings:
    """The settings of a user who may do what a test grants."""
    settings = _settings(kafka_with_users, CLERK, PASSWORD)
    until(lambda: guarded("broker", lambda: on_broker.broker(settings)).health is OK)
    return settings


def _grant(kafka: Cluster, kind: ResourceType, name: str, operation: ACLOperation) -> None:
    permitted: Any = ACLPermissionType.ALLOW
    acl = ACL(f"User:{CLERK}", "*", operation, permitted, ResourcePattern(kind, name))
    with KafkaAdminClient(**kafka.connection) as admin:
        admin.create_acls([acl])


def _by_part(settings: Settings) -> dict[str, Check]:
    return {one.part: one for one in rights.of(settings)}


def test_who_may_do_everything(operator: Settings) -> None:
    """One line says that all that is needed is allowed, and for whom."""
    (found,) = rights.of(operator)

    assert (found.part, found.health) == ("rights", Health.OK)
    assert found.found == "user hub may do what is needed for worker, backoffice, ledger"


def test_what_is_lacking_is_named(kafka_with_users: Cluster, stranger: Settings) -> None:
    """Each part that lacks a right says which, until exactly that is granted."""
    before = _by_part(stranger)
    assert set(before) == {"rights worker", "rights backoffice", "rights ledger"}
    lacks = "user somebody lacks Read on topic to.kfb, Read on group kurze-wege.backoffice"
    assert before["rights backoffice"] == (
        *("rights backoffice", Health.FAIL, lacks),
        "Grant them to somebody: hub users apply makes the hub's own; or name another user.",
    )
    assert "and " in before["rights worker"].found

    _grant(kafka_with_users, ResourceType.TOPIC, "to.kfb", ACLOperation.READ)
    _grant(kafka_with_users, ResourceType.GROUP, "kurze-wege.backoffice", ACLOperation.READ)

    assert set(_by_part(stranger)) == {"rights worker", "rights ledger"}


def test_clock_and_disk(operator: Settings, stranger: Settings) -> None:
    """The broker's clock and disk are seen without writing; who may not see them gets no alarm."""
    seen = observation.see_clock(operator.kafka.kafka_python())
    assert seen is not None
    assert abs(seen.ahead_s) <= seen.within_s + 0.1
    assert on_broker.clock(operator).health is Health.OK
    (disk,) = on_broker.disks(operator)
    assert (disk.part, "GiB free" in disk.found) == ("disk of broker 1", True)

    assert "not compared" in on_broker.clock(stranger).found
    assert on_broker.clock(stranger).health is Health.OK
    assert list(on_broker.disks(stranger)) == []


def test_the_certificate_that_the_broker_shows(operator: Settings) -> None:
    """How long the broker's own certificate is good stands there as well."""
    found = on_broker.served_certificate(operator.kafka.bootstrap, datetime.now(UTC))
    assert found.health is Health.OK
    assert "good until" in found.found

    nobody = on_broker.served_certificate("127.0.0.1:1", datetime.now(UTC))
    assert nobody.health is Health.FAIL
    assert nobody.remedy
