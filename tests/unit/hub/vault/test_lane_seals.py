"""A lane opens what it reads and seals what it writes, whatever becomes of the keys."""

import asyncio

import pytest

from hub.domain import recognition
from hub.domain.decision import Kept, Limits, Outgoing, Received
from hub.domain.recognition import Seen
from hub.party_file import load_parties
from hub.processors import route_referral
from hub.vault.lane_seals import LaneSeals
from hub.vault.sealer import Sealer
from schemas.codec import Record, decode, encode
from schemas.problems import ProblemCode
from schemas.sealing import is_sealed, opened
from schemas.topics import REFERRALS, dead_topic
from tests.support.builders import a_referral, an_offer
from tests.support.vault import KeysInMemory, a_key, a_keyring

PARTIES = load_parties()
EVENT = a_referral(on="case-0001")
RECORD = encode(EVENT)


def _received(record: Record) -> Received:
    return Received("referrals", 0, 1, 1_772_442_900_000, record)


@pytest.fixture
def store() -> KeysInMemory:
    """An empty store of keys."""
    return KeysInMemory()


@pytest.fixture
def seals(store: KeysInMemory) -> LaneSeals:
    """The seals of a lane with these keys."""
    return LaneSeals(a_keyring(store))


async def test_as_its_sender_wrote_it(store: KeysInMemory, seals: LaneSeals) -> None:
    """What a door has sealed the lane reads as it was, and keeps as it came."""
    (record,) = Sealer(a_keyring(store))([RECORD])
    (one,) = await seals.opened([_received(record)])
    assert one.record == RECORD
    assert one.came_as == record
    assert one.secret == a_key("case-0001").secret


async def test_sent_twice_is_sealed_differently_and_recognised(
    store: KeysInMemory, seals: LaneSeals
) -> None:
    """The same event sealed twice has other bytes and the same digest."""
    first, second = Sealer(a_keyring(store))([RECORD, RECORD])
    assert first.value != second.value
    digests = {
        recognition.digest(decode(one.record), one.secret)
        for one in await seals.opened([_received(first), _received(second)])
    }
    assert len(digests) == 1


async def test_digest_cannot_be_guessed() -> None:
    """Without the subject's key nobody can try what a digest was made of."""
    plain = recognition.digest(EVENT)
    mine = recognition.digest(EVENT, a_key("case-0001").secret)
    other = recognition.digest(EVENT, a_key("case-0002").secret)
    assert len({plain, mine, other}) == 3


async def test_deliveries_are_sealed(store: KeysInMemory, seals: LaneSeals) -> None:
    """Copies of social data are sealed with their subject's key; receipts and lines are plain."""
    decision = route_referral.handle(_received(RECORD), Kept(), PARTIES, Limits())
    sealed = await seals.sealed(decision.outputs)
    kinds = {dict(one.record.headers)["ce_type"].decode(): is_sealed(one.record) for one in sealed}
    assert kinds == {
        "referral.requested.v1": True,
        "receipt.delivered.v1": False,
        "ledger.recorded.v1": False,
    }
    (copy,) = (one.record for one in sealed if is_sealed(one.record))
    key = a_key("case-0001")
    before = next(o.record for o in decision.outputs if o.topic == "to.kfb")
    assert store.kept["case-0001"] is not None
    assert opened(copy, key) == before


async def test_erased_is_refused(store: KeysInMemory, seals: LaneSeals) -> None:
    """After its key was destroyed an event is refused with a code; its letter stays sealed."""
    (record,) = Sealer(a_keyring(store))([RECORD])
    store.destroy("case-0001")
    (one,) = await seals.opened([_received(record)])
    decision = route_referral.handle(one, Kept(), PARTIES, Limits())
    assert [problem.code for problem in decision.problems] == [ProblemCode.SUBJECT_ERASED]
    (letter,) = (o for o in decision.outputs if o.topic == dead_topic(REFERRALS).name)
    assert letter.record.value == record.value


async def test_handed_in_after_erasure(store: KeysInMemory) -> None:
    """What a door takes in of a subject that was erased goes to Kafka without its data."""
    store.destroy("case-0001")
    (record,) = Sealer(a_keyring(store))([RECORD])
    assert record.value == b""
    (one,) = await LaneSeals(a_keyring(store)).opened([_received(record)])
    decision = route_referral.handle(one, Kept(), PARTIES, Limits())
    assert [problem.code for problem in decision.problems] == [ProblemCode.SUBJECT_ERASED]


async def test_plain_after_erasure(store: KeysInMemory, seals: LaneSeals) -> None:
    """From a party that writes to Kafka itself nothing is taken either, nor kept as a letter."""
    store.destroy("case-0001")
    (one,) = await seals.opened([_received(RECORD)])
    decision = route_referral.handle(one, Kept(), PARTIES, Limits())
    assert [problem.code for problem in decision.problems] == [ProblemCode.SUBJECT_ERASED]
    assert all(b"Beispiel" not in (one.record.value or b"") for one in decision.outputs)


async def test_no_such_key(seals: LaneSeals) -> None:
    """A sealed record without a key is refused with a code and stays, sealed, as a letter."""
    (record,) = Sealer(a_keyring(KeysInMemory()))([RECORD])
    (one,) = await seals.opened([_received(record)])
    decision = route_referral.handle(one, Kept(), PARTIES, Limits())
    assert [problem.code for problem in decision.problems] == [ProblemCode.CONTENT_SEALED]
    assert any(one.record.value == record.value for one in decision.outputs)


async def test_plain_is_moved(store: KeysInMemory, seals: LaneSeals) -> None:
    """What lay there before anything was sealed is moved, its digest keyed from now on."""
    (one,) = await seals.opened([_received(RECORD)])
    assert one.record == RECORD
    assert one.came_as is None
    assert one.secret == a_key("case-0001").secret
    assert "case-0001" in store.kept


async def test_offers_need_no_key(store: KeysInMemory, seals: LaneSeals) -> None:
    """For what is about nobody the vault is not asked."""
    record = encode(an_offer())
    (one,) = await seals.opened([_received(record)])
    assert one == _received(record)
    assert store.asked == 0


async def test_vault_away(store: KeysInMemory) -> None:
    """A vault that does not answer is waited for; the lane's loop goes on turning."""
    (record,) = Sealer(a_keyring(store))([RECORD])
    store.away = 2
    opening = asyncio.create_task(LaneSeals(a_keyring(store)).opened([_received(record)]))
    turns = 0
    while not opening.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert opening.result()[0].record == RECORD
    assert turns > 2


async def test_state_says_nothing_of_a_person() -> None:
    """What a lane remembers of an event holds no value of its personal fields."""
    decision = route_referral.handle(_received(RECORD), Kept(), PARTIES, Limits())
    kept = b"|".join(key + (value or b"") for key, value in decision.state.items())
    assert not any(word in kept for word in (b"Beispiel", b"Mia", b"1991", b"Musterweg", b"4711"))
    assert Seen().delivered == ""


async def test_outputs_keep_their_places(seals: LaneSeals) -> None:
    """Sealing changes neither topic nor partition nor the order of what is written."""
    outputs = [Outgoing("to.kfb", RECORD, 3), Outgoing("ledger", encode(an_offer()))]
    sealed = await seals.sealed(outputs)
    assert [(one.topic, one.partition) for one in sealed] == [("to.kfb", 3), ("ledger", None)]
