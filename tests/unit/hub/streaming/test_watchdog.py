"""The watchdog tells a stall from records nobody can read, and asks for each end once."""

import time
from typing import Any

import pytest
from aiokafka import TopicPartition

from hub.streaming import watchdog
from hub.streaming.source import Source
from hub.streaming.watchdog import Signs, Watchdog

PLACE = TopicPartition("lanes.offers", 0)
LIMIT_S = 5.0


class Lanes:
    """One lane with one source."""

    def __init__(self, position: int) -> None:
        """It has moved so far."""
        self.source = Source(PLACE, position)
        self.source.progress_at -= 2 * LIMIT_S

    def sources(self) -> dict[TopicPartition, Source]:
        """The only one."""
        return {PLACE: self.source}


class Broker:
    """A client whose broker has a partition that ends here."""

    def __init__(self, end: int, *, readable: bool) -> None:
        """With something to read before its end, or not."""
        self.end = end
        self.readable = readable
        self.polls = 0

    def end_offsets(self, places: list[Any]) -> dict[Any, int]:
        """The end of each."""
        return dict.fromkeys(places, self.end)

    def assign(self, _places: object) -> None:
        """Nothing to do."""

    def seek(self, _place: object, _offset: int) -> None:
        """Nothing to do."""

    def poll(self, **_how: object) -> dict[str, str]:
        """Whether there is something."""
        self.polls += 1
        return {"x": "record"} if self.readable else {}


@pytest.fixture
def deaths(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why the process would have ended."""
    found: list[str] = []
    monkeypatch.setattr(watchdog, "die", lambda why, **_facts: found.append(why))
    return found


def looking(lanes: Lanes, broker: Broker) -> Watchdog:
    """A watchdog that has seen for long that the lane is behind."""
    signs = Signs(time.monotonic, lambda: False, lanes)  # type: ignore[arg-type]
    made = Watchdog(signs, {}, LIMIT_S)
    made._consumer = broker
    return made


def look(dog: Watchdog, broker: Broker, times: int = 1) -> int:
    """Look so often, long after each other; how often the broker was asked what lies there."""
    for nth in range(times):
        dog._look_at_lanes(time.monotonic() + 3 * LIMIT_S * nth)
    return broker.polls


def test_records_that_are_not_moved_are_a_stall(deaths: list[str]) -> None:
    """Something readable lies there, and for too long."""
    broker = Broker(9, readable=True)
    look(looking(Lanes(7), broker), broker, times=2)
    assert deaths == ["lane stalls"]


def test_a_mark_at_the_end_is_asked_about_once(deaths: list[str]) -> None:
    """What lanes write ends in a mark that stays: it is no stall, and is not asked about again."""
    broker = Broker(9, readable=False)
    dog = looking(Lanes(7), broker)
    assert look(dog, broker, times=6) == 1
    broker.end, broker.readable = 11, True
    look(dog, broker, times=2)
    assert deaths == ["lane stalls"]


def test_nothing_is_known_while_the_broker_does_not_answer(
    deaths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it is asked again."""
    broker = Broker(9, readable=False)
    dog = looking(Lanes(7), broker)
    monkeypatch.setattr(dog, "_has_record", lambda *_: None)
    look(dog, broker, times=2)
    assert dog._empty_until == {}
    assert deaths == []
