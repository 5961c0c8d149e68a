"""What docker-compose.yml says, done without containers: each command in its own environment."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import (
    KafkaAdminClient,
    NewTopic,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailedError,
    for_code,
)
from prometheus_client.parser import text_string_to_metric_families

from connectors.callers.tokens import digest
from schemas.topics import delivery_topic
from tests.support.builders import KFB
from tests.support.deployment import BROKER, Deployment, deployed
from tests.support.http_door import KFB_TOKEN, an_event
from tests.support.postgres import started
from tests.support.waiting import until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.broker,
    pytest.mark.postgres,
    pytest.mark.timeout(600),  # a dozen processes start before the first test
]

RECIPIENT: Final = "06432006"
"""Whose deliveries the service `backoffice` keeps."""
AUTHORISED: Final = {
    "Authorization": f"Bearer {KFB_TOKEN}",
    "Content-Type": "application/cloudevents+json",
}
GROUP: Final = "kurze-wege"
SOON_S: Final = 10
PATIENCE_S: Final = 60
Try = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Every service of the hub, the jobcenter with a token at the door."""
    with started() as postgres, deployed(tmp_path_factory.mktemp("site"), postgres) as made:
        tokens = made.secrets / "http_tokens"
        tokens.write_text(f"{digest(KFB_TOKEN)} {KFB}\n", "utf-8")
        with made.lasting():
            yield made


def test_every_service_becomes_healthy(site: Deployment) -> None:
    """Each service's own health check says so."""
    names = [name for name, one in site.services.items() if one.is_ours and one.is_lasting]
    for name in (BROKER, *names):
        until(lambda name=name: site.is_healthy(name))  # type: ignore[misc]


def test_an_event_goes_from_a_door_to_an_inbox(site: Deployment) -> None:
    """A referral handed in by HTTP lies in its recipient's table, and its sender can trace it."""
    until(lambda: site.is_healthy("http-api"))
    source, now = f"//kurze-wege/{KFB}/fallmanagement", datetime.now(UTC).isoformat()
    event = an_event(source=source, recipient=RECIPIENT, time=now)
    inbox = (site.secrets / "backoffice_database").read_text("utf-8").replace("+psycopg", "")

    with httpx.Client(base_url=site.url("8090"), headers=AUTHORISED, timeout=PATIENCE_S) as door:
        answer = door.post("/events", json=event)
        assert answer.status_code == 202, answer.text
        with psycopg.connect(inbox, autocommit=True) as tables:
            until(lambda: bool(_kept(tables, event["id"])))
        until(lambda: RECIPIENT in door.get(f"/trace/{event['id']}").text)


def _kept(tables: psycopg.Connection[Any], event: str) -> list[Any]:
    there = tables.execute("SELECT to_regclass('inbox')").fetchone()
    if there is None or there[0] is None:
        return []
    return tables.execute("SELECT party FROM inbox WHERE causation_id = %s", (event,)).fetchall()


def test_the_monitor_sees_workers_and_sinks(site: Deployment) -> None:
    """As its own user it knows the group's state and how far each expected reader is."""
    until(lambda: site.is_healthy("monitor"))

    def states() -> dict[str, float]:
        text = httpx.get(f"{site.url('8094')}/metrics", timeout=PATIENCE_S).text
        return {
            sample.labels["group"]: sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "kafka_consumergroup_group_state"
        }

    stable = 3
    until(lambda: states().get(GROUP) == stable)
    assert {f"{GROUP}.backoffice", f"{GROUP}.offers"} <= states().keys()


def test_the_broker_is_as_declared_afterwards(site: Deployment) -> None:
    """The operator finds neither users nor topics to mend."""
    assert "as_declared" in site.run("operator", "", "hub", "topics", "drift", "-o", "json")
    assert '"drift": false' in site.run("operator", "", "hub", "users", "drift", "-o", "json")


def _reads(topic: str) -> Try:
    def attempt(connection: dict[str, Any]) -> None:
        with KafkaAdminClient(**connection) as admin:  # a consumer looks for what it may not see
            error = for_code(admin.describe_topics([topic])[0]["error_code"])
        if error.errno:
            raise error
        with closing(KafkaConsumer(**connection, group_id=None)) as consumer:
            consumer.assign([TopicPartition(topic, 0)])
            consumer.seek(TopicPartition(topic, 0), 0)
            consumer.poll(SOON_S * 1000)

    return attempt


def _writes(topic: str) -> Try:
    def attempt(connection: dict[str, Any]) -> None:
        with closing(KafkaProducer(**connection, enable_idempotence=False)) as producer:
            producer.send(topic, b"{}", partition=0).get(SOON_S)

    return attempt


def _joins(group: str, topic: str) -> Try:
    def attempt(connection: dict[str, Any]) -> None:
        with closing(KafkaConsumer(topic, **connection, group_id=group)) as consumer:
            consumer.poll(SOON_S * 1000)

    return attempt


def _takes_over(lane: str) -> Try:
    def attempt(connection: dict[str, Any]) -> None:
        with closing(KafkaProducer(**connection, transactional_id=lane)) as producer:
            producer.init_transactions()

    return attempt


def _makes_a_topic(connection: dict[str, Any]) -> None:
    with KafkaAdminClient(**connection) as admin:
        admin.create_topics([NewTopic("own", 1, 1)])


def _makes_a_user(connection: dict[str, Any]) -> None:
    user = UserScramCredentialUpsertion("own", ScramMechanism.SCRAM_SHA_512, "a-password-of-one")
    with KafkaAdminClient(**connection) as admin:
        refused = admin.alter_user_scram_credentials([user])["own"]
    if refused is not None:
        raise ClusterAuthorizationFailedError(refused)


DELIVERIES: Final = delivery_topic(RECIPIENT).name
FORBIDDEN: Final[dict[str, tuple[str, Try, type[Exception]]]] = {
    "a door reads deliveries": ("http-api", _reads(DELIVERIES), TopicAuthorizationFailedError),
    "a door reads inputs": ("http-api", _reads("referrals"), TopicAuthorizationFailedError),
    "a door delivers": ("http-api", _writes(DELIVERIES), TopicAuthorizationFailedError),
    "a door writes the ledger": ("http-api", _writes("ledger"), TopicAuthorizationFailedError),
    "a sink reads inputs": ("backoffice", _reads("referrals"), TopicAuthorizationFailedError),
    "a sink writes inputs": ("backoffice", _writes("referrals"), TopicAuthorizationFailedError),
    "a sink joins the workers": (
        "backoffice", _joins(GROUP, DELIVERIES), GroupAuthorizationFailedError,
    ),
    "the ledger reads deliveries": ("ledger", _reads(DELIVERIES), TopicAuthorizationFailedError),
    "a desk takes a lane over": (
        "web", _takes_over(f"{GROUP}.0"), TransactionalIdAuthorizationFailedError,
    ),
    "the monitor writes inputs": ("monitor", _writes("referrals"), TopicAuthorizationFailedError),
    "a worker writes inputs": ("worker-1", _writes("referrals"), TopicAuthorizationFailedError),
    "a worker makes a topic": ("worker-1", _makes_a_topic, TopicAuthorizationFailedError),
    "a worker makes a user": ("worker-1", _makes_a_user, ClusterAuthorizationFailedError),
}  # fmt: skip


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_user_may_more_than_it_needs(site: Deployment, what: str) -> None:
    """Whoever has the secrets of one service cannot do what is another's work."""
    service, attempt, error = FORBIDDEN[what]

    with pytest.raises(error):
        attempt(site.connection(service))
