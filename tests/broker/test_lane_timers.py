"""A lane moves events and timers in one order, each in a transaction, each once."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition

from hub.state.memory import position_key
from hub.streaming import lane as lanes
from hub.streaming.lane import Lane, LaneLimits, Turns
from hub.streaming.positions import Gaps
from hub.streaming.rules import LaneRules
from hub.streaming.standby import Standby
from schemas.topics import STATE
from tests.support.lane_parts import (
    OUT,
    committed,
    kept,
    made,
    make_topics,
    transactions,
    until,
    values,
)
from tests.support.tiny_rules import decide, ring, timer

pytestmark = pytest.mark.broker
MOVES, REFERRALS, OFFERS = "address-changes", "referrals", "support-offers"
INPUTS = (MOVES, REFERRALS, OFFERS)


class LaneDied(Exception):
    """The lane would have ended its process."""


@pytest.fixture(autouse=True)
def deaths(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Why lanes would have ended the process; nobody may."""
    found: list[str] = []

    def die(why: str, **_facts: object) -> None:
        found.append(why)
        raise LaneDied(why)

    monkeypatch.setattr(lanes, "die", die)
    yield found
    assert found == []


@dataclass
class Desk:
    """Opens lanes with all that is real, and hands them records."""

    kafka: str
    prefix: str
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """Whoever holds it keeps every lane waiting."""

    @asynccontextmanager
    async def lane(self, batch_events: int = 100) -> AsyncIterator[Lane]:
        """The lane 0, opened as a worker does, closed at the end."""
        connection = {"bootstrap_servers": self.kafka}
        transactions = made(self.kafka, self.prefix)
        standby = Standby(connection, self.prefix + STATE.name, (), warm=False)
        await standby.start()
        await transactions.start()
        memory = (await standby.take([0]))[0]
        limits = LaneLimits(batch_events, step_timeout_s=20)
        gaps = Gaps(connection)
        turns = Turns(self.turn, self.turn)
        rules = LaneRules(decide, ring)
        lane = Lane(0, rules, transactions, memory, limits, gaps, turns)
        at = [memory.get(position_key(self.prefix + name)) for name in INPUTS]
        lane.start({self.place(n): int(p or 0) for n, p in zip(INPUTS, at, strict=True)})
        try:
            yield lane
        finally:
            await lane.close()
            await standby.stop()
            await gaps.stop()

    async def remember(self, changes: Mapping[bytes, bytes]) -> None:
        """What a former lane left in the state."""
        async with transactions(self.kafka, self.prefix) as former:
            await former.write([], changes, {})

    def place(self, name: str) -> TopicPartition:
        """The source of this input topic."""
        return TopicPartition(self.prefix + name, 0)

    async def offer(self, lane: Lane, name: str, said: Sequence[str]) -> None:
        """Hand these over, as fetched from this topic, after what was handed over before."""
        place = self.place(name)
        records = self.records(name, lane.sources[place].expected, said)
        assert await lane.offer(place, records) is None

    async def send(self, name: str, said: Sequence[str], *, sender: str = "") -> None:
        """Put these on their topic; by a sender of this name in one transaction."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.kafka, transactional_id=self.prefix + sender if sender else None
        )
        await producer.start()
        try:
            async with producer.transaction() if sender else nullcontext():
                for text in said:
                    await producer.send_and_wait(self.place(name).topic, text.encode(), b"k")
        finally:
            await producer.stop()

    def records(self, name: str, first: int, said: Sequence[str]) -> list[ConsumerRecord]:
        """What a fetch from this offset on brings."""
        return [
            ConsumerRecord(self.prefix + name, 0, at, 0, 0, b"k", text.encode(), None, 0, 0, ())
            for at, text in enumerate(said, first)
        ]

    async def written(self) -> list[str]:
        """What can be read of all lanes wrote."""
        return [value.decode() for value in await values(self.kafka, self.prefix + OUT)]

    async def becomes(self, wanted: list[str]) -> None:
        """Return once exactly this is written."""
        while (found := await self.written()) != wanted:
            assert found == wanted[: len(found)]
            await asyncio.sleep(0.05)


@pytest.fixture
def desk(kafka: str, topic_prefix: str) -> Desk:
    """A desk with topics of its own."""
    make_topics(kafka, topic_prefix, *INPUTS)
    return Desk(kafka, topic_prefix)


def idle(lane: Lane) -> bool:
    """Whether everything it was handed is committed and no timer is due."""
    return not lane._has_work() and lane._idle.is_set()


def soon(seconds: float = 1) -> int:
    """A whole second that begins at least so much later."""
    return int(time.time() + seconds) + 1


async def test_a_timer_rings_once_when_its_time_has_come(desk: Desk) -> None:
    """Not before, without any event to wake the lane, and never again."""
    at_s = soon()
    async with desk.lane() as lane:
        await desk.offer(lane, REFERRALS, [f"set {at_s} tea"])
        await desk.becomes(["ring tea"])
        assert time.time() >= at_s
        await until(lambda: idle(lane))
        assert lane.memory.next_timer_s() is None
        await desk.offer(lane, REFERRALS, ["say later"])
        await desk.becomes(["ring tea", "later"])

    assert (await kept(desk.kafka, desk.prefix))[timer(at_s, "tea")] is None


async def test_a_timer_rings_when_the_clock_is_set_forward(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait for the hours that the wall clock has passed over."""
    at_s = soon(7 * 3600)
    async with desk.lane() as lane:
        await desk.offer(lane, REFERRALS, [f"set {at_s} tea", "say set"])
        await desk.becomes(["set"])
        await until(lambda: idle(lane))
        set_forward = SimpleNamespace(**vars(time) | {"time": lambda: float(at_s)})
        monkeypatch.setattr(lanes, "time", set_forward)
        await desk.becomes(["set", "ring tea"])


async def test_a_timer_outlives_its_lane(desk: Desk) -> None:
    """Set in one lane, its time passes while none is open, and it rings in the next; once."""
    at_s = soon()
    async with desk.lane() as lane:
        await desk.offer(lane, REFERRALS, [f"set {at_s} tea"])
        await until(lambda: lane.sources[desk.place(REFERRALS)].position == 1)
    await until(lambda: time.time() > at_s)
    async with desk.lane():
        await desk.becomes(["ring tea"])
    async with desk.lane() as lane:
        assert lane.memory.next_timer_s() is None
        await desk.offer(lane, REFERRALS, ["say next"])
        await desk.becomes(["ring tea", "next"])

    assert await committed(desk.kafka, desk.prefix) == {desk.place(REFERRALS): 2}


async def test_what_came_in_while_nobody_was_there_comes_before_a_timer(desk: Desk) -> None:
    """An answer lies on its topic, not fetched yet: it cancels the reminder, however late."""
    await desk.remember({timer(5, "tea"): b"tea", timer(6, "cake"): b"cake"})
    await desk.send(REFERRALS, ["unset 5 tea"])
    async with desk.lane() as lane:
        await asyncio.sleep(1.0)  # the silence is what is tested
        assert await desk.written() == []
        await desk.offer(lane, REFERRALS, ["unset 5 tea"])
        await desk.becomes(["ring cake"])
        await until(lambda: idle(lane) and lane.memory.next_timer_s() is None)

    assert await desk.written() == ["ring cake"]


async def test_a_mark_at_the_end_of_a_topic_holds_no_timer_back(desk: Desk) -> None:
    """Senders' transactions leave marks behind their records; nobody hands a mark over."""
    await desk.remember({timer(5, "tea"): b"tea"})
    await desk.send(REFERRALS, ["say one"], sender="one")
    async with desk.lane() as lane:
        await desk.offer(lane, REFERRALS, ["say one"])
        await desk.becomes(["one", "ring tea"])


async def test_a_timer_waits_for_a_backlog(desk: Desk) -> None:
    """Of what lay there when it was asked, everything is moved first, batch by batch."""
    await desk.remember({timer(5, "tea"): b"tea"})
    said = [f"say {n}" for n in range(9)]
    await desk.send(REFERRALS, said)
    async with desk.lane(batch_events=2) as lane:
        async with desk.turn:
            await desk.offer(lane, REFERRALS, said)
        await desk.becomes([*(str(n) for n in range(9)), "ring tea"])


async def test_an_event_of_the_same_batch_prevents_a_timer(desk: Desk) -> None:
    """An answer that is there when the reminder is due comes first; others ring all the same."""
    await desk.remember({timer(5, "tea"): b"tea", timer(6, "cake"): b"cake"})
    async with desk.lane() as lane:
        async with desk.turn:
            await desk.offer(lane, REFERRALS, ["unset 5 tea", "say answered"])
        await desk.becomes(["answered", "ring cake"])
        await until(lambda: idle(lane))

    assert await desk.written() == ["answered", "ring cake"]


async def test_a_timer_set_for_the_past_rings_at_once(desk: Desk) -> None:
    """After the events of its batch; one that a timer sets rings in its own time."""
    now_s = int(time.time())
    async with desk.lane() as lane:
        async with desk.turn:
            await desk.offer(lane, REFERRALS, [f"set {now_s - 9} again", "say first"])
        await desk.becomes(["first", "ring again", "ring once"])


async def test_more_timers_than_go_at_once(desk: Desk) -> None:
    """Those of a whole night ring in the order of their times, each once."""
    count, first_s = lanes.TIMERS_AT_ONCE + 20, int(time.time()) - 10_000
    async with desk.lane(batch_events=1000) as lane:
        said = [f"set {first_s + n} {n}" for n in range(count)]
        await desk.offer(lane, REFERRALS, said[::-1])
        await desk.becomes([f"ring {n}" for n in range(count)])


async def test_no_timer_rings_while_a_rebalance_is_under_way(desk: Desk) -> None:
    """A held lane does nothing; told to go on, it does what has become due meanwhile."""
    await desk.remember({timer(5, "tea"): b"tea"})
    async with desk.lane() as lane:
        await lane.hold()
        await asyncio.sleep(0.5)  # the silence is what is tested
        assert await desk.written() == []
        lane.resume()
        await desk.becomes(["ring tea"])


async def test_address_changes_overtake_what_waits_with_them(desk: Desk) -> None:
    """A disclosure block that waits beside a referral counts for it."""
    async with desk.lane() as lane:
        async with desk.turn:
            await desk.offer(lane, OFFERS, ["say offer"])
            await desk.offer(lane, REFERRALS, ["say referral 1", "say referral 2"])
            await desk.offer(lane, MOVES, ["say block"])
        await desk.becomes(["block", "referral 1", "referral 2", "offer"])

    ends = {desk.place(MOVES): 1, desk.place(REFERRALS): 2, desk.place(OFFERS): 1}
    assert await committed(desk.kafka, desk.prefix) == ends
    state = await kept(desk.kafka, desk.prefix)
    assert {place: state[position_key(place.topic)] for place in ends} == {
        place: b"%d" % end for place, end in ends.items()
    }


async def test_each_source_has_its_share_where_too_much_waits(desk: Desk) -> None:
    """A flood on one topic delays the others by a batch, not by itself."""
    async with desk.lane(batch_events=9) as lane:
        async with desk.turn:
            for name in (OFFERS, REFERRALS, MOVES):
                await desk.offer(lane, name, [f"say {name} {n}" for n in range(18)])
                assert not lane.has_room(desk.place(name))
        first = [f"{name} {n}" for name in INPUTS for n in range(3)]
        second = [f"{name} {n}" for name in INPUTS for n in range(3, 6)]
        await until(lambda: idle(lane))
        found = await desk.written()

    assert found[:18] == first + second
    assert len(found) == 3 * 18
    for name in INPUTS:
        assert [one for one in found if one.startswith(name)] == [f"{name} {n}" for n in range(18)]


async def test_a_share_that_is_not_used_goes_to_the_others(desk: Desk) -> None:
    """A batch is as full as what comes later in it can make it."""
    async with desk.lane(batch_events=9) as lane:
        async with desk.turn:
            await desk.offer(lane, MOVES, ["say move"])
            await desk.offer(lane, OFFERS, [f"say offer {n}" for n in range(12)])
        await until(lambda: idle(lane))
        found = await desk.written()

    assert found == ["move", *(f"offer {n}" for n in range(12))]


async def test_what_was_moved_before_is_dropped(desk: Desk) -> None:
    """The next lane begins where the last one's transactions ended, whatever it is handed."""
    said = [f"say {n}" for n in range(4)]
    async with desk.lane() as lane:
        await desk.offer(lane, REFERRALS, said[:2])
        await desk.becomes(["0", "1"])
    async with desk.lane() as lane:
        assert await lane.offer(desk.place(REFERRALS), desk.records(REFERRALS, 0, said)) is None
        await desk.becomes(["0", "1", "2", "3"])
