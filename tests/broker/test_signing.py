"""A real worker lets in what is signed and nothing else, and its keys change while it runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.runner.placer import Placer
from connectors.runner.publisher import Publisher
from connectors.webhook.mapping import structured
from hub.keeper import Child
from hub.signing.verifying import Found, items, verify
from hub.supervisor import Supervisor
from schemas.codec import Record, decode, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import REFERRALS
from tests.support import topics
from tests.support.builders import EPPERTSHAUSEN, KFB, a_referral
from tests.support.running_hub import declare_topics, worker
from tests.support.signing import Desk, today_s
from tests.support.waiting import until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Keys for Eppertshausen and for the seal."""
    desk = Desk(tmp_path)
    desk.issue(EPPERTSHAUSEN, at=datetime.now(UTC) - timedelta(minutes=1))
    desk.seal(at=datetime.now(UTC) - timedelta(minutes=1))
    return desk


@pytest.fixture
def prefix(kafka: str, topic_prefix: str, desk: Desk, tmp_path: Path) -> Iterator[str]:
    """The topics of a worker that asks for signatures."""
    declare_topics(kafka, topic_prefix)
    child = worker("worker", kafka, topic_prefix)
    named = {"KEYS_FILE": desk.registry, "PRIVATE_KEYS": desk.private}
    env = {f"HUB_SIGNATURES__{name}": str(path) for name, path in named.items()}
    with Supervisor([Child(child.name, child.argv, {**child.env, **env})], tmp_path, print):
        yield topic_prefix


def a_referral_now(name: str) -> Event[Data]:
    """A referral of this moment on a case of its own."""
    return a_referral(at=datetime.now(UTC), on=f"case-{name}", id=name)


def publish(kafka: str, prefix: str, desk: Desk, *events: Event[Data]) -> None:
    """As a door does."""
    ring = desk.keyring()
    publisher = Publisher(
        {"bootstrap_servers": kafka}, prefix, sign=lambda record: ring.signed(record, today_s())
    )
    try:
        publisher(events)
    finally:
        publisher.close()


def told(kafka: str, topic: str) -> list[Record]:
    """What lies there."""
    return [record for _, _, record in topics.read(kafka, topic)]


def test_only_what_is_signed_reaches_anybody(kafka: str, prefix: str, desk: Desk) -> None:
    """Signed events arrive, provably; unsigned, forged and replayed ones lie dead, in silence."""
    publish(kafka, prefix, desk, a_referral_now("good"))
    good = desk.signed(a_referral_now("other"), datetime.now(UTC))
    placer = Placer({"bootstrap_servers": kafka})
    topic = prefix + REFERRALS.name
    try:
        placer.put(topic, encode(a_referral_now("unsigned")))
        placer.put(topic, good._replace(value=(good.value or b"").replace(b"Mia", b"Ida")))
        renamed = [(n, b"renamed" if n == "ce_id" else said) for n, said in good.headers]
        placer.put(topic, good._replace(headers=renamed))
    finally:
        placer.close()
    desk.issue(EPPERTSHAUSEN, at=datetime.now(UTC) - timedelta(seconds=2))
    publish(kafka, prefix, desk, a_referral_now("rotated"))

    until(lambda: len(told(kafka, f"{prefix}to.{KFB}")) == 2)
    until(lambda: len(told(kafka, f"{prefix}referrals.dead")) == 3)
    copies = [decode(record) for record in told(kafka, f"{prefix}to.{KFB}")]
    assert {copy.context.causationid for copy in copies} == {"good", "rotated"}
    for copy in copies:
        (item,) = items(structured(copy))
        assert [one.found for one in verify(item, desk.keys())] == [Found.HOLDS, Found.HOLDS]
    receipts = [decode(record) for record in told(kafka, f"{prefix}to.{EPPERTSHAUSEN}")]
    assert {receipt.context.causationid for receipt in receipts} == {"good", "rotated"}
    letters = told(kafka, f"{prefix}referrals.dead")
    codes = sorted(dict(letter.headers)["hub-problems"].decode() for letter in letters)
    assert codes == ["signature-invalid", "signature-invalid", "signature-missing"]
