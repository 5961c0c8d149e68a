"""Keys that were used last are at hand; that one was destroyed is noticed within seconds."""

from hub.vault.keyring import KEPT_S, Keyring
from tests.support.vault import Clock, KeysInMemory, a_key


def test_asked_once() -> None:
    """A key that was asked for is not asked for again while it is at hand."""
    store = KeysInMemory()
    ring = Keyring(store, Clock())
    first = ring.make(["case-0001"])
    assert ring.find(["case-0001"])["case-0001"] is first["case-0001"]
    assert store.asked == 1


def test_only_the_missing_are_asked_for() -> None:
    """Of several keys only those not at hand are asked for, in one question."""
    store = KeysInMemory()
    ring = Keyring(store, Clock())
    ring.make(["a"])
    assert set(ring.make(["a", "b", "c"])) == {"a", "b", "c"}
    assert store.asked == 2


def test_destroyed_is_noticed() -> None:
    """A key that was destroyed elsewhere is not used any more once its time is over."""
    store, clock = KeysInMemory(), Clock()
    ring = Keyring(store, clock)
    ring.make(["case-0001"])
    store.destroy("case-0001")
    clock.at = KEPT_S + 0.1
    assert ring.find(["case-0001"]) == {"case-0001": None}


def test_destroyed_stays_destroyed() -> None:
    """Of a key that was destroyed the vault is not asked again."""
    store, clock = KeysInMemory(), Clock()
    store.destroy("case-0001")
    ring = Keyring(store, clock)
    ring.find(["case-0001"])
    clock.at = 1000.0
    assert ring.make(["case-0001"]) == {"case-0001": None}
    assert store.asked == 1


def test_never_made_is_asked_again() -> None:
    """A subject without a key is asked for each time: it may have one by now."""
    store = KeysInMemory()
    ring = Keyring(store, Clock())
    assert ring.find(["case-0001"]) == {}
    store.make(["case-0001"])
    found = ring.find(["case-0001"])["case-0001"]
    assert found is not None
    assert found.secret == a_key("case-0001").secret


def test_bounded() -> None:
    """No more keys are at hand than may be; the oldest go first."""
    store = KeysInMemory()
    ring = Keyring(store, Clock(), at_hand=2)
    for one in ("a", "b", "c"):
        ring.make([one])
    assert set(ring.at_hand(["a", "b", "c"])) == {"b", "c"}
