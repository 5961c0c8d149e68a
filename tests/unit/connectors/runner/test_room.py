"""How much may wait at a time."""

import threading

import pytest

from connectors.errors import Later
from connectors.runner.room import Room


def test_full() -> None:
    """Who finds no room in time is told Later, and what was free stays free."""
    room = Room(10)
    with room.taken(7, 0):
        with pytest.raises(Later), room.taken(4, 0.01):
            pass
        with room.taken(3, 0):
            pass
    with room.taken(10, 0):
        pass


def test_given_back_after_failure() -> None:
    """Room is given back when the block fails."""
    room = Room(10)
    with pytest.raises(ZeroDivisionError), room.taken(10, 0):
        raise ZeroDivisionError
    with room.taken(10, 0):
        pass


def test_waits_for_others() -> None:
    """Who finds no room gets it as soon as another gives it back."""
    room = Room(10)
    got = threading.Event()

    def wait() -> None:
        with room.taken(10, 60):
            got.set()

    waiting = threading.Thread(target=wait)
    with room.taken(1, 0):
        waiting.start()
        assert not got.is_set()
    waiting.join(30)
    assert got.is_set()
