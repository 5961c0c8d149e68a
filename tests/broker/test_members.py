"""Parties at a broker as in production: each reads its own deliveries, and nothing else."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from pydantic import SecretStr

from connectors.callers.credential_file import read_credentials
from connectors.callers.credentials import Credential
from connectors.callers.scopes import Scope
from connectors.callers.tokens import digest
from hub import origins, wiring
from hub.broker.cluster import Cluster
from hub.errors import BrokerUnavailable
from hub.members.members import Done, Members
from hub.membership.membership import State
from hub.settings import Settings
from hub.signing import options as signing
from hub.signing.keys_file import load_keys
from hub.signing.private_keys import load_signers
from hub.streaming import quota_admin, topics, user_admin, users
from hub.streaming.admin import BrokerRefused, connected
from hub.users.grant import Grant, Operation
from schemas.topics import FROM_OUTSIDE, every_topic
from tests.support.command import hub
from tests.support.kafka import cluster
from tests.support.membership import read
from tests.support.waiting import until

pytestmark = pytest.mark.broker

EPPERTSHAUSEN, MUENSTER = "06432005", "06432015"
NOW: Final = datetime.now(UTC)
SOON_MS: Final = 10_000


class Site(NamedTuple):
    """A hub's broker, and what its operator has."""

    kafka: Cluster
    settings: Settings

    def members(self, later: timedelta = timedelta()) -> Members:
        """What the operator does now, or so much later."""
        return Members(self.settings, NOW + later)

    def connection(self, done: Done) -> dict[str, Any]:
        """How somebody comes who has read the sheet."""
        told = read(done)
        assert self.kafka.security is not None
        client = self.kafka.security.client(told["user"], told["password"])
        return {"bootstrap_servers": self.kafka.bootstrap, **client}


def tokens(site: Site, name: str) -> list[Credential]:
    """Whom a door lets in."""
    return read_credentials(site.settings.membership.folder / name)


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of one node as in production."""
    with cluster(tmp_path_factory.mktemp("members"), secured=True) as started:
        yield started


@pytest.fixture
def site(kafka: Cluster, tmp_path: Path, topic_prefix: str) -> Site:
    """A hub of a test's own, its topics made."""
    assert kafka.security is not None
    settings = origins.load(
        {
            "topic_prefix": topic_prefix,
            "kafka.bootstrap": kafka.bootstrap,
            "kafka.security_protocol": "SASL_SSL",
            "kafka.username": "hub",
            "kafka.password": kafka.security.password_file.read_text("utf-8"),
            "kafka.ca_file": str(kafka.security.ca_file),
            "membership.folder": str(tmp_path / "secrets"),
            "membership.contact": "Betrieb, 06151 000",
        }
    )
    there = every_topic([EPPERTSHAUSEN, MUENSTER])
    plan = topics.plan(settings.kafka.kafka_python(), there, topic_prefix, 1)
    topics.apply(settings.kafka.kafka_python(), plan)
    return Site(kafka, settings)


@pytest.fixture
def prefix(site: Site) -> str:
    """Before the names of topics."""
    return site.settings.topic_prefix


def deliver(site: Site, party: str) -> None:
    """Something lies on a party's topic."""
    with closing(KafkaProducer(**site.settings.kafka.kafka_python())) as producer:
        producer.send(f"{site.settings.topic_prefix}to.{party}", b"{}").get(10)


def taken(connection: dict[str, Any], topic: str, group: str | None = None) -> int:
    """How many records a reader gets at once, from the beginning; raises what the broker says."""
    own = {"auto_offset_reset": "earliest", "enable_auto_commit": False}
    with closing(KafkaConsumer(**connection, **own, group_id=group)) as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        if group is None:
            consumer.seek(TopicPartition(topic, 0), 0)
        return sum(map(len, consumer.poll(SOON_MS).values()))


def write(connection: dict[str, Any], topic: str) -> None:
    """Write a record; raises what the broker says."""
    with closing(KafkaProducer(**connection, enable_idempotence=False)) as producer:
        producer.send(topic, b"{}", partition=0).get(10)


def make_topic(connection: dict[str, Any], name: str) -> None:
    """Make a topic; raises what the broker says."""
    with KafkaAdminClient(**connection) as admin:
        admin.create_topics([NewTopic(name, 1, 1)])


def refused(attempt: Callable[[], object], *errors: type[Exception]) -> None:
    """The broker does not let it happen."""
    with pytest.raises(errors or (KafkaError,)):
        attempt()


def comes_in(connection: dict[str, Any]) -> bool:
    """Whether the broker knows this user and password."""
    try:
        with connected(connection, 3000):
            return True
    except BrokerUnavailable:
        return False


def test_a_party_reads_its_own_and_nothing_else(site: Site, prefix: str) -> None:
    """Eppertshausen reads its deliveries; it cannot read Münster's, write anywhere, or make."""
    mine = site.connection(site.members().add(EPPERTSHAUSEN, None))
    site.members().add(MUENSTER, None)
    for party in (EPPERTSHAUSEN, MUENSTER):
        deliver(site, party)
    own, theirs = f"{prefix}to.{EPPERTSHAUSEN}", f"{prefix}to.{MUENSTER}"

    assert taken(mine, own) == 1
    assert taken(mine, own, f"{prefix}party.{EPPERTSHAUSEN}.archiv") == 1
    foreign = f"{prefix}party.{MUENSTER}.archiv"
    refused(lambda: taken(mine, own, foreign), GroupAuthorizationFailedError)
    with KafkaAdminClient(**mine) as admin:
        assert admin.list_topics() == [own]
        assert admin.describe_topics([theirs])[0]["error_code"] != 0
    for topic in (own, theirs, *(prefix + one.name for one in FROM_OUTSIDE), f"{prefix}ledger"):
        refused(lambda topic=topic: write(mine, topic), TopicAuthorizationFailedError)  # type: ignore[misc]
    refused(lambda: make_topic(mine, f"{prefix}own"), TopicAuthorizationFailedError)


def test_what_was_added_is_as_declared(site: Site) -> None:
    """Plan finds nothing to mend; the quota lies on the broker; the doors know the tokens."""
    done = site.members().add(EPPERTSHAUSEN, None)
    told = read(done)
    connection = site.settings.kafka.kafka_python()
    members = [user for user in wiring.declared_users(site.settings) if not user.role]

    assert users.plan(connection, members) == ()
    with connected(connection) as admin:
        (quota,) = quota_admin.limits_of(admin, [told["user"]]).values()
    assert quota == {
        "producer_byte_rate": 65_536.0,
        "consumer_byte_rate": 2_097_152.0,
        "request_percentage": 25.0,
    }
    (door,), (mailbox,) = tokens(site, "http_tokens"), tokens(site, "mailbox_tokens")
    assert (door.key, {*door.scopes}) == (digest(told["door-token"]), {Scope.SEND, Scope.TRACE})
    assert (mailbox.key, {*mailbox.scopes}) == (digest(told["mailbox-token"]), {Scope.COLLECT})
    assert {door.party, mailbox.party} == {EPPERTSHAUSEN}
    assert door.until == (NOW + timedelta(days=365)).replace(microsecond=0)
    assert site.members().add(EPPERTSHAUSEN, None).sheet is None


def test_drift_of_a_party_is_found_and_mended(site: Site, prefix: str) -> None:
    """A grant and a limit by hand are told and taken back by `hub party apply`."""
    user = read(site.members().add(EPPERTSHAUSEN, None))["user"]
    connection = site.settings.kafka.kafka_python()
    more = Grant.topic(Operation.WRITE, f"{prefix}referrals")
    declared = [one for one in wiring.declared_users(site.settings) if one.name == user]
    (one,) = declared
    assert one.quota is not None
    (loose,) = users.plan(connection, [one._replace(quota=one.quota._replace(read_bytes_s=1024))])
    with connected(connection) as admin:
        user_admin.grant(admin, user, [more])
        quota_admin.set_limits(admin, user, loose.limits)
    until(lambda: users.plan(connection, declared) != ())
    (found,) = users.plan(connection, declared)

    site.members().apply()

    assert (list(found.exceeds), [limit.found for limit in found.limits]) == ([more], [1024.0])
    assert users.plan(connection, declared) == ()


def test_suspended_it_can_do_nothing(site: Site, prefix: str) -> None:
    """At once, also over a connection that is open; resumed, the same credentials work again."""
    mine = site.connection(site.members().add(EPPERTSHAUSEN, None))
    own = f"{prefix}to.{EPPERTSHAUSEN}"
    deliver(site, EPPERTSHAUSEN)
    place = TopicPartition(own, 0)
    with closing(KafkaConsumer(**mine, group_id=None)) as consumer:
        consumer.assign([place])
        consumer.seek(place, 0)
        assert consumer.poll(SOON_MS)

        done = site.members().suspend(EPPERTSHAUSEN)

        deliver(site, EPPERTSHAUSEN)
        refused(lambda: [consumer.poll(SOON_MS) for _ in range(3)], TopicAuthorizationFailedError)
    assert done.membership.state is State.SUSPENDED
    refused(lambda: taken(mine, own, f"{prefix}party.{EPPERTSHAUSEN}.a"))
    with KafkaAdminClient(**mine) as admin:
        assert admin.list_topics() == []
    assert tokens(site, "http_tokens") == []

    site.members().resume(EPPERTSHAUSEN)

    assert taken(mine, own) == 2
    assert len(tokens(site, "http_tokens")) == 1


def test_rotated_both_work_until_the_overlap_is_over(site: Site, prefix: str) -> None:
    """The new ones and, within the overlap, the old; afterwards only the new."""
    old = site.connection(site.members().add(EPPERTSHAUSEN, None))
    own = f"{prefix}to.{EPPERTSHAUSEN}"
    deliver(site, EPPERTSHAUSEN)

    new = site.connection(site.members().rotate(EPPERTSHAUSEN, None, None))

    assert (taken(old, own), taken(new, own)) == (1, 1)
    ends = [one.until for one in tokens(site, "http_tokens")]
    assert [end - NOW < timedelta(days=2) for end in ends if end] == [True, False]

    site.members(timedelta(hours=25)).apply()

    assert taken(new, own) == 1
    assert not comes_in(old)
    assert len(tokens(site, "http_tokens")) == 1


def test_rotated_now_the_old_end_at_once(site: Site, prefix: str) -> None:
    """Also over a connection that is open: a number is never given again."""
    old = site.connection(site.members().add(EPPERTSHAUSEN, None))
    own = f"{prefix}to.{EPPERTSHAUSEN}"
    deliver(site, EPPERTSHAUSEN)
    place = TopicPartition(own, 0)
    with closing(KafkaConsumer(**old, group_id=None)) as consumer:
        consumer.assign([place])
        consumer.seek(place, 0)
        assert consumer.poll(SOON_MS)

        new = site.connection(site.members().rotate(EPPERTSHAUSEN, None, None, at_once=True))

        deliver(site, EPPERTSHAUSEN)
        refused(lambda: [consumer.poll(SOON_MS) for _ in range(3)], TopicAuthorizationFailedError)
    assert not comes_in(old)
    assert taken(new, own) == 2


def test_removed_nothing_is_left_but_its_deliveries(site: Site, prefix: str) -> None:
    """User, grants, quota and tokens are gone; topic and deliveries stay; added again it is new."""
    first = site.members().add(EPPERTSHAUSEN, None)
    mine, user = site.connection(first), read(first)["user"]
    deliver(site, EPPERTSHAUSEN)

    site.members().remove(EPPERTSHAUSEN)

    connection = site.settings.kafka.kafka_python()
    assert not comes_in(mine)
    with connected(connection) as admin:
        found = user_admin.see(admin, [user])
    assert (found.names, found.grants[user], found.limits) == (frozenset(), frozenset(), {})
    assert tokens(site, "http_tokens") == []
    assert taken(connection, f"{prefix}to.{EPPERTSHAUSEN}") == 1
    again = read(site.members().add(EPPERTSHAUSEN, None))["user"]
    assert (user[-2:], again[-2:]) == (".1", ".2")


def test_its_key_lives_and_ends_with_its_credentials(site: Site, tmp_path: Path) -> None:
    """With an overlap the key before signs on; at once, or taken out, it counts no more."""
    keys = tmp_path / "keys.toml"
    options = signing.Options(keys_file=keys, private_keys=tmp_path / "keys")
    signed = site._replace(settings=site.settings.model_copy(update={"signatures": options}))
    later = timedelta(hours=25)

    signed.members().add(EPPERTSHAUSEN, None)
    (first,) = load_keys(keys)
    signed.members().rotate(EPPERTSHAUSEN, None, None)
    ended, second = load_keys(keys)
    signed.members(later).rotate(EPPERTSHAUSEN, None, None, at_once=True)
    *_, lost, third = load_keys(keys)
    signed.members(2 * later).remove(EPPERTSHAUSEN)
    *_, last = load_keys(keys)

    assert first.parties == (EPPERTSHAUSEN,)
    assert load_signers(tmp_path / "keys", load_keys(keys))
    assert (ended.kid, ended.revoked_at) == (first.kid, None)
    assert ended.valid_until - first.valid_from == timedelta(hours=24)
    assert (lost.kid, lost.revoked_at) == (second.kid, third.valid_from)
    assert (last.kid, last.revoked_at) == (third.kid, third.valid_from + later)


def test_a_broker_that_lost_its_users_is_told(site: Site) -> None:
    """A party's password is nowhere but with the party: who lost it is told to give a new one."""
    user = read(site.members().add(EPPERTSHAUSEN, None))["user"]
    with connected(site.settings.kafka.kafka_python()) as admin:
        user_admin.forget_passwords(admin, [user])

    (done,) = site.members().apply()

    assert done.did == (f"{user} has no password: hub party rotate {EPPERTSHAUSEN} --now",)


def test_nobody_but_the_operator_can_take_a_party_in(site: Site) -> None:
    """With a party's own rights the broker refuses, and nothing is begun."""
    told = read(site.members().add(EPPERTSHAUSEN, None))
    own = {"username": told["user"], "password": SecretStr(told["password"])}
    kafka = site.settings.kafka.model_copy(update=own)
    members = Members(site.settings.model_copy(update={"kafka": kafka}), NOW)

    refused(lambda: members.add(MUENSTER, None), BrokerRefused)

    assert MUENSTER not in site.members().all()


def test_the_commands_do_the_same(site: Site, tmp_path: Path, prefix: str) -> None:
    """`hub party` and `hub users` speak of one list; without a yes nothing is removed."""
    word = site.settings.kafka.password
    assert word is not None
    env = {
        "HUB_TOPIC_PREFIX": prefix,
        "HUB_KAFKA__BOOTSTRAP": site.kafka.bootstrap,
        "HUB_KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
        "HUB_KAFKA__USERNAME": "hub",
        "HUB_KAFKA__PASSWORD": word.get_secret_value(),
        "HUB_KAFKA__CA_FILE": str(site.settings.kafka.ca_file),
        "HUB_MEMBERSHIP__FOLDER": "secrets",
    }
    added = hub("party", "add", EPPERTSHAUSEN, "-o", "json", folder=tmp_path, env=env)
    plan = hub("users", "plan", "-o", "json", folder=tmp_path, env=env)
    asked = hub("party", "remove", EPPERTSHAUSEN, folder=tmp_path, env=env, given="n\n")
    listed = hub("party", "list", "-o", "json", folder=tmp_path, env=env)

    assert added.code == 0, added.err
    assert (tmp_path / added.data["sheet"]).is_file()
    user = f"{prefix}party.{EPPERTSHAUSEN}.1"
    assert user not in {one["user"] for one in plan.data["differences"]}
    assert plan.data["drift"], "the hub's own users are not made here"
    assert asked.code != 0
    states = {one["party"]: one["state"] for one in listed.data["parties"]}
    assert (states[EPPERTSHAUSEN], states[MUENSTER]) == ("active", None)
    sheet = (tmp_path / added.data["sheet"]).read_text("utf-8")
    (password,) = re.findall(r'id="password">([^<]+)<', sheet)
    assert password not in added.out + added.err
