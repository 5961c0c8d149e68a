"""The sample day through the doors' own code and the hub's rules, judged by the oracle."""

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.demo.reckoning import reckon
from hub.demo.sample import load
from hub.domain.decision import Kept, Limits, Received
from hub.party_file import load_parties
from hub.processors import ALL
from schemas.codec import decode, encode
from schemas.topics import DELIVERY_PREFIX, TOPIC_OF
from tests.support.day_plan import SOME_DAY, plan
from tests.support.desk import Desk
from tests.support.hub_in_memory import HubInMemory
from tests.support.offer_oracle import said_of_offers
from tests.support.people import People
from tests.support.routing_oracle import Oracle
from tests.support.working_day import SAMPLE_EVENING, events, make_day, write_day

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def test_sample_goes_where_it_belongs() -> None:
    """Nothing lost, nothing repeated, every planted fault refused with its code, nothing else."""
    sample = load(YESTERDAY)
    summary = reckon(sample.expected, HubInMemory().take(sample))
    assert (summary.lost, summary.repeated, summary.unexpected, summary.missed) == (0, 0, 0, 0)
    assert summary.events_in > 300
    assert summary.refused == sum(1 for fault in sample.expected.faults if fault.code)


def test_the_evening_leaves_something_to_do() -> None:
    """What comes in behind the day goes where it belongs: unanswered referrals, and offers."""
    sample = load(YESTERDAY, Path(SAMPLE_EVENING))
    found = HubInMemory().take(sample)
    summary = reckon(sample.expected, found)
    assert (summary.lost, summary.repeated, summary.unexpected, summary.missed) == (0, 0, 0, 0)
    kinds = Counter(copy.kind for copy in found.seen.copies if copy.party == "kfb")
    assert kinds["referral.requested"] == 10
    assert kinds["support-offer.published"] == 2
    assert kinds["referral.offer-suggested"] > 0


@pytest.mark.parametrize(("seed", "number"), [(2, 1200), (3, 1500), (5, 900)])
def test_what_the_hub_says_of_offers_is_what_must_and_may_be(
    seed: int, number: int, tmp_path: Path
) -> None:
    """On larger days as well: suggestions and lowered places, none missing, none too many."""
    write_day(tmp_path, make_day(seed, number))
    sample = load(YESTERDAY, tmp_path)
    found = HubInMemory().take(sample)
    summary = reckon(sample.expected, found)
    assert (summary.lost, summary.repeated, summary.unexpected, summary.missed) == (0, 0, 0, 0)
    certain = Counter(
        said.type for good in sample.expected.events for said in good.said if said.certain
    )
    assert certain["referral.offer-suggested"] > 0
    assert sum(copy.kind == "referral.offer-suggested" for copy in found.seen.copies) > 0


def test_certain_is_said_of_offers() -> None:
    """Over several days both kinds are among what must be said."""
    certain = Counter[str]()
    for seed in (3, 4):
        desk = Desk(chance := random.Random(seed), People(chance), SOME_DAY)
        said = said_of_offers(plan(desk, Oracle(), 2000)).values()
        certain.update(one.type for several in said for one in several if one.certain)
    assert {*certain} == {"referral.offer-suggested", "support-offer.capacity-lowered"}


@pytest.mark.parametrize("seed", range(3))
def test_hub_and_oracle_agree(seed: int) -> None:
    """Over a thousand mixed events the hub sends each to exactly those the oracle names."""
    parties = load_parties()
    processors = {processor.SOURCE.name: processor for processor in ALL}
    states: defaultdict[str, Kept] = defaultdict(Kept)
    at = datetime(2024, 5, 6, 12, tzinfo=UTC)
    for number, (event, expected) in enumerate(events(seed, 1000, at)):
        topic = TOPIC_OF[event.data.TYPE].name
        received = Received(topic, 0, number, int(at.timestamp() * 1000) + number, encode(event))
        decision = processors[topic].handle(received, states[topic], parties, Limits())
        states[topic].remember(decision.state)
        copies = [
            (output.topic.removeprefix(DELIVERY_PREFIX), decode(output.record).data)
            for output in decision.outputs
            if output.topic.startswith(DELIVERY_PREFIX)
        ]
        kind = event.data.TYPE
        assert sorted(to for to, data in copies if kind == data.TYPE) == [*expected.recipients]
        opened = [to for to, data in copies if data.TYPE == "handover.opened"]
        assert opened == ([expected.handover_to] if expected.handover_to else [])
