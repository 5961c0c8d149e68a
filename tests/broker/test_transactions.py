"""A batch is one transaction: all of it or nothing, once, whatever happens on the way."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest
from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from kafka.partitioner.default import murmur2

from hub.domain.decision import EVERY_PARTITION, Outgoing
from hub.streaming.transaction import FENCED, Transactions
from schemas.codec import Record
from schemas.topics import STATE
from tests.support import topics
from tests.support.lane_parts import (
    GROUP,
    OUT,
    Line,
    committed,
    kept,
    made,
    make_topics,
    out,
    transactions,
    until,
    values,
)

pytestmark = pytest.mark.broker
IN = "referrals"
KB = 1024


@pytest.fixture
def prefix(kafka: str, topic_prefix: str) -> str:
    """The prefix of topics that were made."""
    make_topics(kafka, topic_prefix, IN)
    return topic_prefix


def source(prefix: str) -> TopicPartition:
    """Where the tests' events came in."""
    return TopicPartition(prefix + IN, 0)


def before_its_end(
    lane: Transactions, patch: pytest.MonkeyPatch, do: Callable[[], Awaitable[None]]
) -> None:
    """Do something when all is written and nothing is committed."""
    end = lane._end

    async def then_end() -> None:
        await do()
        await end()

    patch.setattr(lane, "_end", then_end)


async def test_everything_appears_together(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outputs, state and offset are there after the commit, and none of them a moment before."""
    before: list[object] = []

    async def look() -> None:
        before.extend([await values(kafka, prefix + OUT), await kept(kafka, prefix)])
        before.append(await committed(kafka, prefix))

    async with transactions(kafka, prefix) as lane:
        before_its_end(lane, monkeypatch, look)
        await lane.write(out(b"1", b"2"), {b"case/a": b"x", b"seen/b": None}, {source(prefix): 7})

    assert before == [[], {}, {}]
    assert await values(kafka, prefix + OUT) == [b"1", b"2"]
    assert await kept(kafka, prefix) == {b"case/a": b"x", b"seen/b": None}
    assert await committed(kafka, prefix) == {source(prefix): 7}


async def test_what_was_gathered_comes_first(kafka: str, prefix: str) -> None:
    """Nothing of it is seen before the rest; it belongs to one transaction only, in order."""
    async with transactions(kafka, prefix) as lane:
        await lane.gather(out(b"1"))
        await lane.gather(out(b"2", b"3"))
        before = await values(kafka, prefix + OUT)
        await lane.write(out(b"4"), {}, {source(prefix): 1})
        await lane.write(out(b"5"), {}, {source(prefix): 2})

    assert before == []
    assert await values(kafka, prefix + OUT) == [b"1", b"2", b"3", b"4", b"5"]


async def test_one_batch_follows_the_other(kafka: str, prefix: str) -> None:
    """Many transactions without a pause keep their order, and each moves the offset on."""
    async with transactions(kafka, prefix) as lane:
        for number in range(40):
            await lane.write(out(b"%d" % number), {b"case/a": b"%d" % number}, {source(prefix): 1})
        await lane.write(out(), {}, {source(prefix): 40})

    assert await values(kafka, prefix + OUT) == [b"%d" % number for number in range(40)]
    assert await kept(kafka, prefix) == {b"case/a": b"39"}
    assert await committed(kafka, prefix) == {source(prefix): 40}


async def test_without_offsets_to_note(kafka: str, prefix: str) -> None:
    """What only timers led to is written all the same; the group's offsets stay as they are."""
    async with transactions(kafka, prefix) as lane:
        await lane.write(out(b"before"), {}, {source(prefix): 3})
        await lane.write(out(b"rings"), {b"timer/0000000001/p/a/x": None}, {})

    assert await values(kafka, prefix + OUT) == [b"before", b"rings"]
    assert await committed(kafka, prefix) == {source(prefix): 3}


async def test_more_than_a_batch_for_one_partition(kafka: str, prefix: str) -> None:
    """Several MiB for one partition are still one transaction, in order."""
    said = [b"%d|" % number + bytes(400 * KB) for number in range(9)]
    changes = {b"case/%d" % number: bytes(500 * KB) for number in range(5)}

    async with transactions(kafka, prefix) as lane:
        await lane.write(out(*said), changes, {source(prefix): 9})
        await lane.write(out(b"next"), {}, {source(prefix): 10})

    assert await values(kafka, prefix + OUT) == [*said, b"next"]
    assert await kept(kafka, prefix) == changes


async def test_many_recipients_are_found_together(
    kafka: str, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a batch goes to a hundred topics, the broker is not asked for each of them alone."""
    recipients = [f"to.p{number}" for number in range(100)]
    make_topics(kafka, topic_prefix, *recipients)
    said = [Outgoing(name, Record(b"k", b"v", [])) for name in recipients]
    asked = 0
    ask = AIOKafkaClient._metadata_update

    async def count(client: AIOKafkaClient, *told: object) -> bool:
        nonlocal asked
        asked += 1
        return bool(await ask(client, *told))

    async with transactions(kafka, topic_prefix) as lane:
        await lane.write(said, {}, {})  # from now on the broker knows them
    async with transactions(kafka, topic_prefix) as lane:
        monkeypatch.setattr(AIOKafkaClient, "_metadata_update", count)
        await lane.write(said, {}, {})
        monkeypatch.undo()

    assert 0 < asked < 10
    assert await values(kafka, topic_prefix + recipients[-1]) == [b"v", b"v"]


async def test_what_every_lane_must_read_lies_on_each_partition(
    kafka: str, topic_prefix: str
) -> None:
    """One record, as often as its topic has partitions; the others by their keys or where said."""
    make_topics(kafka, topic_prefix, "lanes.offers", partitions=3)
    record = Record(b"offer-1", b"news", [])
    said = [
        Outgoing("lanes.offers", record, EVERY_PARTITION),
        Outgoing("lanes.offers", record._replace(value=b"there"), 2),
    ]

    async with transactions(kafka, topic_prefix) as lane:
        await lane.write(said, {}, {})

    found = topics.read(kafka, topic_prefix + "lanes.offers")
    assert sorted((number, one.value) for number, _, one in found) == [
        (0, b"news"),
        (1, b"news"),
        (2, b"news"),
        (2, b"there"),
    ]


async def test_where_the_last_state_lies(kafka: str, prefix: str) -> None:
    """Whoever knows the memory and reads on from there misses nothing."""
    steps: list[dict[bytes, bytes | None]] = [
        {},
        {b"case/a": b"1", b"case/b": b"1"},
        {b"case/a": b"2"},
        {},
    ]
    async with transactions(kafka, prefix) as lane:
        told = [lane.state_from]
        for number, changes in enumerate(steps, 1):
            await lane.write(out(b"%d" % number), changes, {source(prefix): number})
            told.append(lane.state_from)

    where = {
        (record.key, record.value): offset
        for _, offset, record in topics.read(kafka, prefix + STATE.name)
    }
    first, last = where[b"case/a", b"1"], where[b"case/a", b"2"]
    assert told == [None, None, first, last, last]


@pytest.mark.parametrize("when", ["before it writes", "before it commits"])
async def test_whoever_starts_next_fences_the_former_owner(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The former owner's next step fails and nothing of it is visible; the new one goes on."""
    async with transactions(kafka, prefix) as former:
        await former.write(out(b"former"), {b"case/a": b"former"}, {source(prefix): 1})
        later = made(kafka, prefix)
        if when == "before it writes":
            await later.start()
        else:
            before_its_end(former, monkeypatch, later.start)
        with pytest.raises(FENCED):
            await former.write(out(b"zombie"), {b"case/a": b"zombie"}, {source(prefix): 2})
        with pytest.raises(FENCED):
            await former.write(out(b"zombie"), {b"case/a": b"zombie"}, {source(prefix): 2})
        await later.write(out(b"later"), {b"case/b": b"later"}, {source(prefix): 3})
        with pytest.raises(FENCED):
            await former.write(out(b"zombie"), {b"case/a": b"zombie"}, {source(prefix): 2})
        await later.stop()

    assert await values(kafka, prefix + OUT) == [b"former", b"later"]
    assert await kept(kafka, prefix) == {b"case/a": b"former", b"case/b": b"later"}
    assert await committed(kafka, prefix) == {source(prefix): 3}


async def test_other_lanes_and_other_groups_are_left_alone(kafka: str, prefix: str) -> None:
    """A start fences nobody but the same lane of the same group."""
    state = TopicPartition(prefix + STATE.name, 0)
    async with transactions(kafka, prefix) as lane:
        async with transactions(kafka, prefix, number=1):
            other = Transactions({"bootstrap_servers": kafka}, state, prefix + "other", prefix, 30)
            await other.start()
            await other.stop()
        await lane.write(out(b"1"), {}, {source(prefix): 1})

    assert await values(kafka, prefix + OUT) == [b"1"]


@pytest.mark.parametrize(
    "request_name", ["OffsetCommit", "Produce", "End", "FindCoordinatorRequest"]
)
async def test_a_step_whose_answer_was_lost_is_repeated_without_effect(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch, request_name: str
) -> None:
    """The broker did it, the lane does not know and asks again: it is done once."""
    large = [b"%d|" % number + bytes(700 * KB) for number in range(3)]
    async with transactions(kafka, prefix) as lane:
        line = Line(lane, monkeypatch)
        await lane.write(out(b"first"), {b"case/a": b"1"}, {source(prefix): 1})
        lane._coordinators.clear()
        line.lose_answers([request_name] * 2)
        await lane.write(out(*large), {b"case/a": b"2"}, {source(prefix): 4})
        await lane.write(out(b"last"), {b"case/a": b"3"}, {source(prefix): 5})

    assert line.lost == [request_name] * 2
    assert await values(kafka, prefix + OUT) == [b"first", *large, b"last"]
    found = [record.value for _, _, record in topics.read(kafka, prefix + STATE.name)]
    assert found == [b"1", b"2", b"3"]
    assert await committed(kafka, prefix) == {source(prefix): 5}


async def test_a_start_whose_answer_was_lost_is_repeated(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lane then fences itself, which is as good as anybody."""
    lane = made(kafka, prefix)
    line = Line(lane, monkeypatch)
    line.lose_answers(["InitProducerIdRequest_v0", "InitProducerIdRequest"])
    try:
        await lane.start()
        await lane.write(out(b"1"), {}, {source(prefix): 1})
    finally:
        await lane.stop()

    assert line.lost == ["InitProducerIdRequest"]
    assert await values(kafka, prefix + OUT) == [b"1"]


async def test_connections_may_break_at_any_moment(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch, chance: random.Random
) -> None:
    """However often and whenever they are cut, each batch is there once, in order."""
    wanted = [b"%d" % number for number in range(60)]
    async with transactions(kafka, prefix) as lane:
        line = Line(lane, monkeypatch)
        for number, value in enumerate(wanted, 1):
            async with asyncio.TaskGroup() as group:
                group.create_task(line.cut_during(chance.uniform(0, 0.03)))
                group.create_task(lane.write(out(value), {b"a/a": value}, {source(prefix): number}))

    assert await values(kafka, prefix + OUT) == wanted
    found = [record.value for _, _, record in topics.read(kafka, prefix + STATE.name)]
    assert found == wanted
    assert await committed(kafka, prefix) == {source(prefix): len(wanted)}
    assert line.broken > 0


async def test_a_record_lies_where_it_must(kafka: str, topic_prefix: str) -> None:
    """On the partition it names, else on that of its key, as every Kafka client reckons it."""
    make_topics(kafka, topic_prefix, partitions=4)
    keys = [b"case-%d" % number for number in range(20)]
    by_key = [Outgoing(OUT, Record(key, b"by key", [])) for key in keys]
    named = [Outgoing(OUT, Record(b"case-1", b"named", []), number) for number in range(4)]

    async with transactions(kafka, topic_prefix, number=3) as lane:
        await lane.write([*by_key, *named], {b"case/a": b"x"}, {})

    reckoned = {key: (murmur2(key) & 0x7FFFFFFF) % 4 for key in keys}
    found = topics.read(kafka, topic_prefix + OUT)
    where = {record.key: number for number, _, record in found if record.value == b"by key"}
    assert where == reckoned
    assert sorted(n for n, _, record in found if record.value == b"named") == [0, 1, 2, 3]
    assert [n for n, _, _ in topics.read(kafka, topic_prefix + STATE.name)] == [3]


async def test_headers_and_empty_values_arrive_as_they_were(kafka: str, prefix: str) -> None:
    """Whatever a dead letter carries: no key, no value, a header twice or empty."""
    records = [
        Record(None, None, [("ce_id", b"1"), ("ce_id", b"\xff"), ("empty", b"")]),
        Record(b"", b"", []),
    ]
    async with transactions(kafka, prefix) as lane:
        await lane.write([Outgoing(OUT, record) for record in records], {}, {})

    found = [record for _, _, record in topics.read(kafka, prefix + OUT)]
    assert [(r.key, r.value, list(r.headers)) for r in found] == [
        (r.key, r.value, list(r.headers)) for r in records
    ]


async def test_the_name_of_the_producer_is_its_lanes(kafka: str, prefix: str) -> None:
    """Operators find it among the broker's transactions, complete and with nothing open."""
    async with transactions(kafka, prefix) as lane:
        await lane.write(out(b"1"), {}, {source(prefix): 1})

    with topics.admin(kafka) as admin:
        name = f"{prefix}{GROUP}.0"

        def is_complete() -> bool:
            state = admin.describe_transactions([name])[name].state
            return bool(state.startswith("Complete"))

        await until(is_complete)  # the broker answers a commit when it is certain
