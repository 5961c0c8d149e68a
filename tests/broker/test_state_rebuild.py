"""The state topic is what the source tells: seen, mended, and left alone where nobody can tell."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from kafka import KafkaProducer, TopicPartition

from hub.streaming.state_topic import WorkersRun, write
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.topics import DELIVERY_PREFIX, REFERRALS
from tests.chaos.poison import NotText
from tests.support import builders as say
from tests.support import topics
from tests.support.builders import EPPERTSHAUSEN, KFB
from tests.support.event_stream import events
from tests.support.kept_state import KeptState, column, families
from tests.support.lane_parts import kept, made, make_topics, transactions
from tests.support.running_hub import declare_topics, running_worker
from tests.support.waiting import until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]
NOW: Final = datetime.now(UTC) - timedelta(hours=1)
DAMAGED: Final = (
    *("seen/", "case/", "referral/", "ended/", "clock/", "timer/", "offer/", "offer-copy/"),
    "offer-kind/",
    "position/",
)
SEEN_TWICE: Final = say.a_referral(on="case-twice", id="twice", at=NOW)


@pytest.fixture
def state(kafka: str, topic_prefix: str, tmp_path: Path) -> KeptState:
    """The topics of a hub on which nothing has run yet."""
    return KeptState(kafka, topic_prefix, tmp_path)


def said(chance: random.Random, number: int) -> list[Event[Data]]:
    """Events of the district, and one that a test says again."""
    return [SEEN_TWICE, *(one for one, _ in events(chance.randrange(9999), number, NOW))]


def test_damage_is_found_and_mended_and_the_worker_goes_on(
    state: KeptState, chance: random.Random
) -> None:
    """Exactly what was lost, spoiled and added is said; mended, a repeat is recognised again."""
    state.work_through(said(chance, 400))
    whole = state.entries()
    right = state.hub("state", "rebuild", "-o", "json")
    lost, spoiled = _some_of_each(whole, chance), _some_of_each(whole, chance)
    spoiled -= lost
    twice = next(place for place in whole if place[1].startswith(b"seen/") and place not in spoiled)
    lost |= {place for place in whole if place[1].endswith(b"/case-twice")} | {twice}
    spoiled -= lost
    added = {(1, b"case/referrals/nobody"), (2, b"timer/9999999999/nobody/x/y"), (3, b"junk")}
    state.spoil(dict.fromkeys(lost) | dict.fromkeys(spoiled | added, b"MarkerContent"))

    dry = state.hub("state", "rebuild", "-o", "json")
    untouched = state.entries()
    mended = state.hub("state", "rebuild", "--apply", "-o", "json")

    assert (right.code, column(right, "equal")) == (0, families(whole)), right
    assert dry.code == 3, dry.err
    assert column(dry, "missing") == families(lost)
    assert column(dry, "different") == families(spoiled)
    assert column(dry, "unexplained") == families(added)
    assert column(dry, "kept_older") + column(dry, "kept_unconfirmed") == Counter()
    assert untouched != whole
    assert "MarkerContent" not in dry.out + dry.err
    assert (mended.code, state.entries()) == (0, whole), mended
    assert state.hub("state", "rebuild", "--partition", "1").code == 0

    state.work_through([SEEN_TWICE])

    assert _deliveries(state, KFB, "twice") == 1
    assert _repeats_said(state, EPPERTSHAUSEN, "twice") == 1
    assert state.hub("state", "rebuild").code == 0


def test_nothing_is_written_while_workers_run(state: KeptState, chance: random.Random) -> None:
    """A worker that runs would not notice: it is said what to do. To look is harmless."""
    with running_worker(state.bootstrap, state.prefix, state.folder):
        until(lambda: "1 of the group" in state.hub("state", "rebuild", "--apply").err)
        state.publish(said(chance, 50))
        looked = state.hub("state", "rebuild", "-o", "json")
        refused = state.hub("state", "rebuild", "--apply")

    assert looked.code == 0, looked
    assert sum(column(looked, "equal").values()) == len(state.entries())
    assert refused.code == 1
    assert refused.out == ""
    assert "Stop all workers" in refused.err


def test_what_retention_took_is_kept(state: KeptState, chance: random.Random) -> None:
    """Records are gone: their cases stay as they are, older, and no other entry is doubted."""
    state.work_through(said(chance, 300))
    whole = state.entries()
    _expire(state, 0.5)
    state.spoil({(0, b"case/referrals/nobody"): b"1"})

    dry = state.hub("state", "rebuild", "-o", "json")
    mended = state.hub("state", "rebuild", "--apply")

    assert dry.code == 3, dry.err
    assert column(dry, "unexplained") == Counter({"case/": 1})
    assert column(dry, "missing") + column(dry, "different") == Counter()
    assert column(dry, "kept_older")["seen/"] > 0
    assert column(dry, "equal")["seen/"] > 0
    assert sum(lane["older"] for lane in dry.data["lanes"]) > 0
    assert mended.code == 0
    assert state.entries() == whole


def test_records_that_no_event_stands_in_are_played_again(state: KeptState) -> None:
    """Header names that are not text, tombstones, rubbish: they stop no rebuild either."""
    topic = state.prefix + REFERRALS.name
    declare_topics(state.bootstrap, state.prefix)
    _send_rubbish(state.bootstrap, topic)

    state.work_through([SEEN_TWICE], others=3)
    found = state.hub("state", "rebuild", "-o", "json")

    assert found.code == 0, found
    assert sum(lane["records"] for lane in found.data["lanes"]) == 4


def test_the_state_is_shown_by_its_size(state: KeptState) -> None:
    """Each lane and family with its entries and bytes, and no content."""
    state.work_through([SEEN_TWICE])
    entries = state.entries()

    found = state.hub("state", "show", "-o", "json")
    table = state.hub("state", "show")
    nowhere = state.hub("state", "show", "--partition", "9")

    assert (found.code, table.code) == (0, 0)
    shown = {one["family"]: one for one in found.data["families"]}
    assert {name: one["entries"] for name, one in shown.items()} == families(entries)
    assert sum(one["bytes"] for one in shown.values()) == sum(
        len(key) + len(value) for (_, key), value in entries.items()
    )
    assert "case-twice" not in found.out + table.out
    assert nowhere.code == 2
    assert "There is no lane 9; there are 0 to 3." in nowhere.err


async def test_a_worker_that_comes_meanwhile_wins(kafka: str, topic_prefix: str) -> None:
    """Whoever owns the lane by then fences the mending: nothing of it is written."""
    make_topics(kafka, topic_prefix)
    worker = made(kafka, topic_prefix)
    async with transactions(kafka, topic_prefix) as mending:
        await write(mending, {b"case/a": b"1"}, 30)
        await worker.start()
        with pytest.raises(WorkersRun, match="taken lane 0 over"):
            await write(mending, {b"case/a": b"2", b"case/b": b"2"}, 30)
        await worker.write([], {b"case/c": b"3"}, {})
        await worker.stop()

    assert await kept(kafka, topic_prefix) == {b"case/a": b"1", b"case/c": b"3"}


def _some_of_each(
    whole: dict[tuple[int, bytes], bytes], chance: random.Random
) -> set[tuple[int, bytes]]:
    """A few entries of each family."""
    found: set[tuple[int, bytes]] = set()
    for family in DAMAGED:
        places = sorted(place for place in whole if place[1].startswith(family.encode()))
        assert places, family
        found |= set(chance.sample(places, min(3, len(places))))
    return found


def _received(state: KeptState, party: str) -> Iterator[Event[Data]]:
    for _, _, record in topics.read(state.bootstrap, state.prefix + DELIVERY_PREFIX + party):
        yield decode(record)


def _deliveries(state: KeptState, party: str, cause: str) -> int:
    return sum(event.context.causationid == cause for event in _received(state, party))


def _repeats_said(state: KeptState, party: str, cause: str) -> int:
    return sum(
        isinstance(event.data, ReceiptDelivered) and event.data.repeated
        for event in _received(state, party)
        if event.context.causationid == cause
    )


def _expire(state: KeptState, share: float) -> None:
    """Take this share of each partition of the referrals away, as retention does."""
    places = [TopicPartition(state.prefix + REFERRALS.name, number) for number in range(4)]
    with topics.admin(state.bootstrap) as admin:
        ends: Counter[int] = Counter()
        for partition, offset, _ in topics.read(state.bootstrap, places[0].topic):
            ends[partition] = max(ends[partition], offset + 1)
        admin.delete_records({place: int(share * ends[place.partition]) for place in places})


def _send_rubbish(bootstrap: str, topic: str) -> None:
    with closing(KafkaProducer(bootstrap_servers=bootstrap)) as producer:
        strange = [(NotText("name"), b"value")]
        for key, value, headers in (
            (None, b"{}", strange),
            (b"c", None, []),
            (b"\xff", b"\xff", []),
        ):
            producer.send(topic, value, key, headers).get(30)
