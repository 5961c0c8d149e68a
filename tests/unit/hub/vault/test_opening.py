"""Deliveries are opened before a sink keeps them; what does not open loses nothing."""

from collections.abc import Mapping, Sequence

import pytest

from connectors.base import Delivered
from connectors.errors import Later
from hub.vault.encrypter import Encrypter, Opener
from hub.vault.keyring import Keyring
from hub.vault.opening import Opening
from schemas.codec import Record, encode
from tests.support.builders import a_referral, an_offer
from tests.support.deliveries import delivered
from tests.support.vault import Clock, KeysInMemory, a_keyring

ONE, TWO = (encode(a_referral(on=case)) for case in ("case-1", "case-2"))
OFFER = encode(an_offer())


class Kept:
    """A sink that keeps what it is handed."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.records: list[Record] = []
        self.is_closed = False

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """Where it stands."""
        return {(topics[0], 0): len(self.records)}

    def write(self, deliveries: Sequence[Delivered]) -> None:
        """Keep all."""
        self.records += [one.record for one in deliveries]

    def close(self) -> None:
        """Let go."""
        self.is_closed = True


def _encrypted(store: KeysInMemory, *records: Record) -> list[Delivered]:
    done = Encrypter(a_keyring(store))(records)
    return [delivered(number, record) for number, record in enumerate(done)]


def test_opened() -> None:
    """Encrypted and plain deliveries come to the sink as they were written, in their order."""
    store, sink = KeysInMemory(), Kept()
    Opening(sink, a_keyring(store)).write(_encrypted(store, ONE, OFFER, TWO))
    assert sink.records == [ONE, OFFER, TWO]


def test_erased_is_passed_over() -> None:
    """A delivery whose key was destroyed is not kept; the others are."""
    store, sink = KeysInMemory(), Kept()
    encrypted = _encrypted(store, ONE, TWO)
    store.destroy("case-1")
    Opening(sink, a_keyring(store)).write(encrypted)
    assert sink.records == [TWO]


@pytest.mark.parametrize("keyring", [None, Keyring(KeysInMemory(), Clock())])
def test_without_its_key(keyring: Keyring | None) -> None:
    """Without a vault, or in one that has not the key, it is handed in again: nothing is kept."""
    sink = Kept()
    with pytest.raises(Later):
        Opening(sink, keyring).write(_encrypted(KeysInMemory(), OFFER, ONE))
    assert sink.records == []


def test_plain_needs_no_vault() -> None:
    """What is not encrypted is kept, whether there is a vault or not."""
    sink = Kept()
    Opening(sink, None).write([delivered(0, ONE)])
    assert sink.records == [ONE]


def test_not_what_was_encrypted() -> None:
    """What was changed on the way stays as it is: the sink refuses it as unreadable."""
    store, sink = KeysInMemory(), Kept()
    (one,) = _encrypted(store, ONE)
    broken = one.record._replace(value=(one.record.value or b"")[:-1] + b"\x00")
    Opening(sink, a_keyring(store)).write([delivered(0, broken)])
    assert sink.records == [broken]


def test_is_its_sink() -> None:
    """Positions and closing are the sink's own."""
    sink = Kept()
    opening = Opening(sink, None)
    assert opening.positions(["to.kfb"]) == {("to.kfb", 0): 0}
    opening.close()
    assert sink.is_closed


def test_single_records() -> None:
    """Who reads topics on their own opens record by record, as far as keys are there."""
    store = KeysInMemory()
    (one,) = _encrypted(store, ONE)
    assert Opener(a_keyring(store))(one.record) == ONE
    assert Opener(None)(one.record) == one.record
    assert Opener(a_keyring(KeysInMemory()))(one.record) == one.record
