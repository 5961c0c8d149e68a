"""A timer rings by the clock only once everything is moved that came in before it was due."""

from collections.abc import Mapping

from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from hub.streaming.horizon import Horizon
from hub.streaming.source import Source

PLACE = TopicPartition("referrals", 0)
DUE_S = 100.0


class Broker:
    """Says where the partition ends, if it has something from there on."""

    def __init__(self, end: int) -> None:
        """It has records below this offset."""
        self.end = end
        self.away = False

    async def unread(self, positions: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
        """As the real one."""
        if self.away:
            raise KafkaConnectionError
        return {place: self.end for place, at in positions.items() if at < self.end}


def _sources(position: int) -> dict[TopicPartition, Source]:
    return {PLACE: Source(PLACE, position)}


async def test_nothing_rings_before_the_broker_was_asked() -> None:
    """Asked when nothing is left to move, timers up to that moment may ring, later ones not."""
    horizon, sources = Horizon(Broker(3).unread, 5), _sources(3)
    assert horizon.must_be_asked_for(DUE_S, 110, sources)
    assert horizon.until_s(110, sources) == 0

    await horizon.ask(110, sources)

    assert horizon.until_s(111, sources) == 110
    assert not horizon.must_be_asked_for(DUE_S, 111, sources)
    assert horizon.must_be_asked_for(111, 111, sources)


async def test_what_lies_there_is_moved_first() -> None:
    """It is asked once, and counts as soon as that is moved, whatever came in since."""
    horizon, sources = Horizon(Broker(5).unread, 5), _sources(3)
    await horizon.ask(110, sources)
    assert horizon.until_s(111, sources) == 0
    sources[PLACE].waiting.append("a record")
    assert not horizon.must_be_asked_for(DUE_S, 111, sources)

    sources[PLACE].moved(5)

    assert horizon.until_s(112, sources) == 110


async def test_it_is_asked_again_where_only_marks_may_be_left() -> None:
    """Moved is what was handed over, and the end is not reached: a mark is handed to nobody."""
    broker = Broker(5)
    horizon, sources = Horizon(broker.unread, 5), _sources(3)
    await horizon.ask(110, sources)
    assert horizon.must_be_asked_for(DUE_S, 111, sources)
    broker.end = 3

    await horizon.ask(111, sources)

    assert horizon.until_s(111, sources) == 111


async def test_a_broker_that_does_not_answer_holds_timers_back() -> None:
    """Nobody knows what came in: nothing rings, and it is asked again."""
    broker = Broker(0)
    horizon, sources = Horizon(broker.unread, 5), _sources(0)
    broker.away = True
    await horizon.ask(110, sources)
    assert horizon.until_s(110, sources) == 0
    assert horizon.must_be_asked_for(DUE_S, 110, sources)
    broker.away = False

    await horizon.ask(111, sources)

    assert horizon.until_s(111, sources) == 111


async def test_what_was_known_by_a_clock_that_was_set_back_counts_no_more() -> None:
    """The moment asked lies in the future then, and says nothing of what comes in until it."""
    horizon, sources = Horizon(Broker(0).unread, 5), _sources(0)
    await horizon.ask(5000, sources)

    assert horizon.until_s(110, sources) == 0
    assert horizon.must_be_asked_for(DUE_S, 110, sources)
