"""A source trusts offsets, not deliveries."""

from dataclasses import dataclass

from aiokafka import TopicPartition

from hub.streaming.source import Source

PLACE = TopicPartition("referrals", 2)


@dataclass(frozen=True)
class At:
    """A record, as far as a source looks at it."""

    offset: int


def records(first: int, end: int) -> list[At]:
    """Those at these offsets, `end` not included."""
    return [At(offset) for offset in range(first, end)]


def test_it_begins_at_its_position() -> None:
    """What lies below it was moved before, by whoever had the lane."""
    source = Source(PLACE, 5)

    assert source.fresh(records(0, 8)) == records(5, 8)
    assert source.fresh(records(0, 5)) == []
    assert (source.position, source.expected) == (5, 5)


def test_what_was_taken_in_is_dropped_the_second_time() -> None:
    """A consumer that hands records over twice adds nothing."""
    source = Source(PLACE, 0)
    source.take_in(source.fresh(records(0, 4)))

    assert source.fresh(records(0, 4)) == []
    assert source.fresh(records(2, 6)) == records(4, 6)


def test_a_gap_shows() -> None:
    """The first fresh record then lies beyond the expected offset."""
    source = Source(PLACE, 0)
    source.take_in(records(0, 3))

    assert source.fresh(records(7, 9))[0].offset > source.expected == 3


def test_it_gives_out_what_waits_in_order_and_no_more_than_wanted() -> None:
    """The rest waits on."""
    source = Source(PLACE, 0)
    source.take_in(records(0, 3))
    source.take_in(records(5, 7))

    assert source.take_out(4) == [*records(0, 3), At(5)]
    assert source.take_out(4) == [At(6)]
    assert source.take_out(4) == []
    assert source.expected == 7


def test_what_moved_is_its_position() -> None:
    """Progress is what is committed, not what was taken in or out."""
    source = Source(PLACE, 0)
    before = source.progress_at
    source.take_in(records(0, 3))
    source.take_out(3)

    assert source.position == 0

    source.moved(3)

    assert source.position == source.expected == 3
    assert source.progress_at >= before


def test_what_waited_and_was_forgotten_may_come_again() -> None:
    """After a rebalance the records since the last commit are offered again."""
    source = Source(PLACE, 0)
    source.take_in(records(0, 6))
    source.take_out(2)
    source.moved(2)
    source.forget_waiting()

    assert source.take_out(9) == []
    assert source.fresh(records(0, 6)) == records(2, 6)
