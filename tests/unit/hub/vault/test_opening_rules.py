"""Played again, encrypted records lead to what they led to when a lane moved them."""

from hub import processors
from hub.domain.decision import Decision, Kept, Limits, Received
from hub.party_file import load_parties
from hub.processors import route_referral
from hub.vault.lane_seals import LaneSeals
from hub.vault.opening_rules import OpeningRules
from hub.vault.encrypter import Encrypter
from schemas.codec import Record, encode
from schemas.problems import ProblemCode
from schemas.topics import REFERRALS
from tests.support.builders import a_referral
from tests.support.vault import KeysInMemory, a_keyring

PARTIES = load_parties()


def _encrypted(store: KeysInMemory) -> Received:
    (record,) = Encrypter(a_keyring(store))([encode(a_referral(on="case-0001"))])
    return _received(record)


def _received(record: Record) -> Received:
    return Received(REFERRALS.name, 0, 7, 1_772_442_900_000, record)


def _played(store: KeysInMemory, one: Received) -> Decision:
    rules = OpeningRules(processors.ALL, PARTIES, Limits(), "", a_keyring(store))
    return rules.decide(one, Kept())


async def test_as_the_lane_did() -> None:
    """The same outputs and the same state, digests included."""
    store = KeysInMemory()
    one = _encrypted(store)
    (opened,) = await LaneSeals(a_keyring(store)).opened([one])
    moved = route_referral.handle(opened, Kept(), PARTIES, Limits())
    assert _played(store, one) == moved
    assert len(moved.outputs) == 3


def test_erased_since() -> None:
    """What was erased since is decided otherwise: nobody can tell what its case should be."""
    store = KeysInMemory()
    one = _encrypted(store)
    store.destroy("case-0001")
    assert [p.code for p in _played(store, one).problems] == [ProblemCode.SUBJECT_ERASED]


def test_plain() -> None:
    """What was never encrypted is judged as it lies there."""
    played = _played(KeysInMemory(), _received(encode(a_referral(on="case-0001"))))
    assert len(played.outputs) == 3
