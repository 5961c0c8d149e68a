"""What is signed and sealed are the bytes on the topic, checked before anything is opened."""

import json
from collections.abc import Mapping, Sequence

import pytest

from connectors.backoffice.mapping import rows_of
from connectors.base import Delivered
from hub.domain.decision import Decision, Kept, Limits, Received
from hub.processors import ALL
from hub.signing.keys import Keys
from hub.signing.verifying import Encrypt, Found, items, verify
from hub.streaming.rules import Rules
from hub.vault.deciding import Encryption
from hub.vault.encrypter import Again, Encrypter
from hub.vault.opening import Opening
from schemas.codec import Record, encode
from schemas.encryption import is_encrypted
from schemas.problems import ProblemCode
from schemas.signature import SIGNATURE_HEADER, digest, sealed_digests, sealed_statement
from schemas.signature import taken_apart as jws_of
from schemas.topics import DELIVERY_PREFIX, REFERRALS, dead_topic
from tests.support.answers import WITH_NEIGHBOURS as PARTIES
from tests.support.builders import KFB, NOW, a_referral
from tests.support.signing import Desk, a_desk
from tests.support.vault import KeysInMemory, a_keyring

AT_MS = int(NOW.timestamp() * 1000)
EVENT = a_referral(on="case-0001")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Keys for the parties of these tests."""
    return a_desk(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def store() -> KeysInMemory:
    """An empty store of keys."""
    return KeysInMemory()


class _Kept:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.deliveries: list[Delivered] = []

    def positions(self, _topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """None."""
        return {}

    def write(self, deliveries: Sequence[Delivered]) -> None:
        """Keep them."""
        self.deliveries += deliveries

    def close(self) -> None:
        """Nothing is held."""


def _published(desk: Desk, store: KeysInMemory) -> Record:
    """The event as a door puts it on its topic."""
    (record,) = Encrypter(a_keyring(store))([encode(EVENT)])
    return desk.signed(record)


def _decided(desk: Desk, store: KeysInMemory, record: Record) -> Decision:
    vault = Encryption(a_keyring(store))
    notary = desk.notary(PARTIES, vault.encrypted)
    rules = Rules(ALL, PARTIES, Limits(), "", notary, vault)
    return rules.decide(Received(REFERRALS.name, 0, 0, AT_MS, record), Kept())


def _copy(decision: Decision) -> Record:
    return next(o.record for o in decision.outputs if o.topic == DELIVERY_PREFIX + KFB)


def _row(desk: Desk, store: KeysInMemory) -> dict[str, dict[str, str]]:
    """What the recipient of the event keeps in the inbox tables."""
    sink = _Kept()
    copy = _copy(_decided(desk, store, _published(desk, store)))
    topic = DELIVERY_PREFIX + KFB
    Opening(sink, a_keyring(store)).write([Delivered(KFB, topic, 0, 0, AT_MS, copy)])
    (row,) = rows_of(sink.deliveries, NOW).inbox
    return {"proof": row["proof"], "data": row["data"]}


def _found(row: object, keys: Keys, encrypt: Encrypt | None) -> dict[str, Found]:
    (item,) = items(json.dumps(row).encode())
    return {one.what: one.found for one in verify(item, keys, encrypt)}


def test_sealed_is_what_lies_there(desk: Desk, store: KeysInMemory) -> None:
    """A copy is encrypted, and its seal names the digest of the encrypted bytes."""
    copy = _copy(_decided(desk, store, _published(desk, store)))
    assert is_encrypted(copy)
    jws = jws_of(dict(copy.headers)["ce_seal"].decode())
    assert jws.payload is not None
    assert digest(sealed_statement(copy)) in sealed_digests(jws.payload)
    assert SIGNATURE_HEADER in dict(copy.headers)


def test_checked_before_it_is_opened(desk: Desk, store: KeysInMemory) -> None:
    """Of what is forged nothing is opened: the vault is not asked, its letter is as it came."""
    record = _published(desk, store)
    forged = record._replace(value=(record.value or b"")[:-1] + b"?")
    store.asked = 0
    decision = _decided(desk, store, forged)
    assert [one.code for one in decision.problems] == [ProblemCode.SIGNATURE_INVALID]
    (letter,) = (o for o in decision.outputs if o.topic == dead_topic(REFERRALS).name)
    assert letter.record.value == forged.value
    assert store.asked == 0


def test_plain_and_unsigned(desk: Desk, store: KeysInMemory) -> None:
    """What somebody writes to Kafka plain and unsigned is refused, and its letter is encrypted."""
    decision = _decided(desk, store, encode(EVENT))
    assert [one.code for one in decision.problems] == [ProblemCode.SIGNATURE_MISSING]
    assert all(b"Beispiel" not in (one.record.value or b"") for one in decision.outputs)


def test_a_recipient_proves_it(desk: Desk, store: KeysInMemory) -> None:
    """By the case's key a row is shown to be what was sealed, word for word."""
    found = _found(_row(desk, store), desk.keys(), Again(a_keyring(store)))
    assert found == {"signature": Found.ENCRYPTED, "seal": Found.HOLDS}


def test_a_recipient_without_the_key(desk: Desk, store: KeysInMemory) -> None:
    """Without the case's key the seal is shown to hold, of data that nobody compares."""
    row = _row(desk, store)
    expected = {"signature": Found.ENCRYPTED, "seal": Found.ENCRYPTED}
    assert _found(row, desk.keys(), None) == expected
    store.destroy("case-0001")
    assert _found(row, desk.keys(), Again(a_keyring(store))) == expected


def test_changed_by_its_keeper(desk: Desk, store: KeysInMemory) -> None:
    """Data that were changed are found by the case's key, an attribute by anybody."""
    row = _row(desk, store)
    other = {**row, "data": {**row["data"], "notes": "Etwas anderes."}}
    assert _found(other, desk.keys(), Again(a_keyring(store)))["seal"] is Found.FORGED
    moved = {**row, "proof": {**row["proof"], "rule": "another"}}
    assert _found(moved, desk.keys(), None)["seal"] is Found.FORGED


def test_how_it_lay_does_not_make_it_too_large(desk: Desk, store: KeysInMemory) -> None:
    """What stands there of how it lay is not counted against what an event may weigh."""
    copy = _copy(_decided(desk, store, _published(desk, store)))
    sink = _Kept()
    topic = DELIVERY_PREFIX + KFB
    Opening(sink, a_keyring(store)).write([Delivered(KFB, topic, 0, 0, AT_MS, copy)])
    record = sink.deliveries[0].record
    without = record._replace(headers=[h for h in record.headers if h[0] != "ce_encryptedas"])
    assert len(without.headers) < len(record.headers)
    assert record.size() == without.size()
