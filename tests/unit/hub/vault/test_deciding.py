"""What rules with a vault decide: opened before, encrypted after, whatever becomes of the keys."""

import asyncio
import threading

import pytest

from hub import processors
from hub.domain import recognition
from hub.domain.decision import Decision, Kept, Limits, Outgoing, Received
from hub.party_file import load_parties
from hub.processors import route_referral
from hub.streaming.rules import Rules
from hub.vault.deciding import Encryption, Reading
from hub.vault.encrypter import Encrypter
from schemas.codec import Record, decode, encode
from schemas.encryption import is_encrypted, opened
from schemas.problems import ProblemCode
from schemas.topics import REFERRALS, dead_topic
from schemas.vocabulary import Verdict
from tests.support.builders import a_referral, an_offer
from tests.support.vault import KeysInMemory, a_key, a_keyring

PARTIES = load_parties()
EVENT = a_referral(on="case-0001")
RECORD = encode(EVENT)


def _received(record: Record) -> Received:
    return Received(REFERRALS.name, 0, 1, 1_772_442_900_000, record)


def _came(store: KeysInMemory, record: Record) -> Received:
    """The record as its processor is given it."""
    came: list[Received] = []

    def note(received: Received, _state: object) -> Decision:
        came.append(received)
        return Decision(Verdict.ROUTED)

    Encryption(a_keyring(store)).deciding(note)(_received(record), Kept())
    return came[0]


def _decided(store: KeysInMemory, record: Record) -> Decision:
    vault = Encryption(a_keyring(store))
    rules = Rules(processors.ALL, PARTIES, Limits(), "", vault=vault)
    return rules.decide(_received(record), Kept())


def _codes(decision: Decision) -> list[ProblemCode]:
    return [problem.code for problem in decision.problems]


def _encrypted(store: KeysInMemory) -> Record:
    """As a door puts it on its topic."""
    return Encrypter(a_keyring(store))([RECORD])[0]


@pytest.fixture
def store() -> KeysInMemory:
    """An empty store of keys."""
    return KeysInMemory()


def test_as_its_sender_wrote_it(store: KeysInMemory) -> None:
    """What a door has encrypted is decided of as it was, and kept as it came."""
    record = _encrypted(store)
    one = _came(store, record)
    assert one.record == RECORD
    assert one.came_as == record
    assert one.secret == a_key("case-0001").secret


def test_sent_twice_is_encrypted_differently_and_recognised(store: KeysInMemory) -> None:
    """The same event encrypted twice has other bytes and the same digest."""
    first, second = Encrypter(a_keyring(store))([RECORD, RECORD])
    assert first.value != second.value
    came = [_came(store, record) for record in (first, second)]
    assert len({recognition.digest(decode(one.record), one.secret) for one in came}) == 1


def test_digest_cannot_be_guessed() -> None:
    """Without the subject's key nobody can try what a digest was made of."""
    plain = recognition.digest(EVENT)
    mine = recognition.digest(EVENT, a_key("case-0001").secret)
    other = recognition.digest(EVENT, a_key("case-0002").secret)
    assert len({plain, mine, other}) == 3


def test_deliveries_are_encrypted(store: KeysInMemory) -> None:
    """Copies of social data are encrypted with their subject's key; the rest is plain."""
    written = _decided(store, _encrypted(store)).outputs
    kinds = {dict(o.record.headers)["ce_type"].decode(): is_encrypted(o.record) for o in written}
    assert kinds == {
        "referral.requested.v1": True,
        "receipt.delivered.v1": False,
        "ledger.recorded.v1": False,
    }
    (copy,) = (one.record for one in written if is_encrypted(one.record))
    plain = route_referral.handle(_received(RECORD), Kept(), PARTIES, Limits()).outputs
    assert opened(copy, a_key("case-0001")) == next(
        one.record for one in plain if one.topic == "to.kfb"
    )


def test_erased_is_refused(store: KeysInMemory) -> None:
    """After its key was destroyed an event is refused with a code; its letter stays encrypted."""
    record = _encrypted(store)
    store.destroy("case-0001")
    decision = _decided(store, record)
    assert _codes(decision) == [ProblemCode.SUBJECT_ERASED]
    (letter,) = (o for o in decision.outputs if o.topic == dead_topic(REFERRALS).name)
    assert letter.record.value == record.value


def test_handed_in_after_erasure(store: KeysInMemory) -> None:
    """What a door takes in of a subject that was erased goes to Kafka without its data."""
    store.destroy("case-0001")
    record = _encrypted(store)
    assert record.value == b""
    assert _codes(_decided(store, record)) == [ProblemCode.SUBJECT_ERASED]


def test_plain_after_erasure(store: KeysInMemory) -> None:
    """From a party that writes to Kafka itself nothing is taken either, nor kept as a letter."""
    store.destroy("case-0001")
    decision = _decided(store, RECORD)
    assert _codes(decision) == [ProblemCode.SUBJECT_ERASED]
    assert all(b"Beispiel" not in (one.record.value or b"") for one in decision.outputs)


def test_no_such_key(store: KeysInMemory) -> None:
    """An encrypted record without a key is refused with a code and stays as it is, as a letter."""
    record = _encrypted(KeysInMemory())
    decision = _decided(store, record)
    assert _codes(decision) == [ProblemCode.CONTENT_ENCRYPTED]
    assert any(one.record.value == record.value for one in decision.outputs)


def test_plain_is_moved(store: KeysInMemory) -> None:
    """What lay there before anything was encrypted is moved, its digest keyed from now on."""
    one = _came(store, RECORD)
    assert one.record == RECORD
    assert one.came_as is None
    assert one.secret == a_key("case-0001").secret
    assert "case-0001" in store.kept


def test_offers_need_no_key(store: KeysInMemory) -> None:
    """For what is about nobody the vault is not asked."""
    record = encode(an_offer())
    assert _came(store, record) == _received(record)
    assert store.asked == 0


async def test_a_batch_asks_once(store: KeysInMemory) -> None:
    """Once a batch is ready, nothing that is decided of it asks the vault again."""
    record = _encrypted(store)
    vault = Encryption(a_keyring(store))
    rules = Rules(processors.ALL, PARTIES, Limits(), "", vault=vault)
    await rules.ready([_received(record)], [])
    asked = store.asked
    rules.decide(_received(record), Kept())
    assert store.asked == asked


async def test_a_timer_finds_its_key(store: KeysInMemory) -> None:
    """The key of the case that a timer is about is fetched too; an offer is given none."""
    _encrypted(store)
    keyring = a_keyring(store)
    rules = Rules(processors.ALL, PARTIES, Limits(), "", vault=Encryption(keyring))
    await rules.ready([], [b"due/x/route-referral/case-0001", b"due/x/route-offer/offer-1"])
    assert set(keyring.at_hand(["case-0001", "offer-1"])) == {"case-0001"}
    assert "offer-1" not in store.kept


@pytest.mark.parametrize("is_near", [False, True])
async def test_vault_away(store: KeysInMemory, is_near: bool) -> None:  # noqa: FBT001 - a parameter
    """A vault that does not answer is waited for; the lane's loop goes on turning."""
    store.is_near = is_near
    record = _encrypted(store)
    store.away = 2
    keyring = a_keyring(store)
    getting = asyncio.create_task(Encryption(keyring).ready([_received(record)], []))
    turns = 0
    while not getting.done():
        await asyncio.sleep(0.001)
        turns += 1
    await getting
    assert "case-0001" in keyring.at_hand(["case-0001"])
    assert turns > 2


@pytest.mark.parametrize("is_near", [False, True])
async def test_only_what_is_far_is_asked_in_a_thread(
    store: KeysInMemory,
    is_near: bool,  # noqa: FBT001 - a parameter
) -> None:
    """Keys that lie here are found before a thread could be asked."""
    store.is_near = is_near
    record, keyring = _encrypted(store), a_keyring(store)
    await Encryption(keyring).ready([_received(record)], [])
    assert (store.asked_by == threading.get_ident()) is is_near


def test_state_says_nothing_of_a_person(store: KeysInMemory) -> None:
    """What a lane remembers of an event holds no value of its personal fields."""
    state = _decided(store, RECORD).state
    kept = b"|".join(key + (value or b"") for key, value in state.items())
    assert kept
    assert not any(word in kept for word in (b"Beispiel", b"Mia", b"1991", b"Musterweg", b"4711"))


def test_outputs_keep_their_places(store: KeysInMemory) -> None:
    """Encrypting changes neither topic nor partition nor the order of what is written."""
    outputs = [Outgoing("to.kfb", RECORD, 3), Outgoing("ledger", encode(an_offer()))]
    decision = Decision(Verdict.ROUTED)
    decision.outputs.extend(outputs)
    written = Encryption(a_keyring(store)).encrypted(decision).outputs
    assert [(one.topic, one.partition) for one in written] == [("to.kfb", 3), ("ledger", None)]
    assert [is_encrypted(one.record) for one in written] == [True, False]


def _played(store: KeysInMemory, record: Record) -> Decision:
    vault = Reading(a_keyring(store))
    rules = Rules(processors.ALL, PARTIES, Limits(), "", vault=vault)
    return rules.decide(_received(record), Kept())


def test_played_again(store: KeysInMemory) -> None:
    """Played again, an encrypted record leads to the same state, digests included."""
    record = _encrypted(store)
    assert _played(store, record).state == _decided(store, record).state


def test_played_again_after_erasure(store: KeysInMemory) -> None:
    """What was erased since is decided otherwise: nobody can tell what its case should be."""
    record = _encrypted(store)
    store.destroy("case-0001")
    assert _codes(_played(store, record)) == [ProblemCode.SUBJECT_ERASED]


def test_played_again_makes_no_keys(store: KeysInMemory) -> None:
    """What was never encrypted is judged as it lies there, and nobody is given a key for it."""
    assert len(_played(store, RECORD).outputs) == 3
    assert store.kept == {}
