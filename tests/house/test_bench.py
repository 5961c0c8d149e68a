"""The benchmark is fair and judges rightly: its own parts, without a broker."""

import re
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest

from hub.domain import referral_memory
from hub.domain.decision import Kept, Limits, Received
from hub.party_file import load_parties
from hub.processors import route_referral
from schemas.codec import decode
from schemas.topics import REFERRALS
from schemas.vocabulary import MeetingPlace, Service, Urgency, Verdict
from tests.bench import contenders, plan
from tests.bench.__main__ import has_fault
from tests.bench.comparison import compared
from tests.bench.events import PARTITIONS, VALUE_BYTES, Events, partition
from tests.bench.lap import WARM_UP, measured
from tests.bench.lives import Lives
from tests.bench.one_output import PROCESSORS
from tests.bench.outputs import DELIVERY, Outputs
from tests.bench.spread import percentile, slope, spread
from tests.bench.targets import judged
from tests.support.district import PARTIES

BENCH = Path("tests/bench")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
EVENTS = Events(PARTIES, AT)


def _received(number: int) -> Received:
    return Received(REFERRALS.name, 0, number, round(AT.timestamp() * 1000), EVENTS.record(number))


def _outputs(*numbers: int, wrong: int | None = None) -> Outputs:
    """What was found when these events were forwarded; `wrong` went to another recipient."""
    found = Outputs(EVENTS)
    for number in numbers:
        recipient = EVENTS.recipient(number + (number == wrong))
        found.note(f"b1.to.{recipient}", EVENTS.record(number).headers, 1)
    return found


def test_every_event_is_of_the_size_said() -> None:
    """All values have the size that is claimed, all keys differ, all partitions get their share."""
    records = [EVENTS.record(number) for number in range(3000)]

    assert {len(record.value or b"") for record in records} == {VALUE_BYTES}
    assert len({record.key for record in records}) == len(records)
    shares = [0] * PARTITIONS
    for record in records:
        shares[partition(record.key or b"")] += 1
    assert min(shares) > 0.9 * len(records) / PARTITIONS


def test_the_hub_routes_every_event_to_three_outputs() -> None:
    """The complete routing leads to delivery, receipt and ledger line, at the recipient counted."""
    parties = load_parties()
    for number in range(300):
        decision = route_referral.handle(_received(number), Kept(), parties, Limits())
        assert decision.verdict is Verdict.ROUTED
        assert decision.outputs[0].topic == f"to.{EVENTS.recipient(number)}"
        assert len(decision.outputs) == 3


def test_referrals_that_live_are_all_routed_and_end() -> None:
    """Every step is taken, and no more referrals are open at a time than was said."""
    parties, state, most = load_parties(), Kept(), 40
    stamp = round(AT.timestamp() * 1000)
    for nth, (place, record) in enumerate(Lives(EVENTS, most).records(600)):
        received = Received(REFERRALS.name, place, nth, stamp, record)
        decision = route_referral.handle(received, state, parties, Limits())
        assert decision.verdict is Verdict.ROUTED
        state.remember(decision.state)
        assert len(list(state.under(referral_memory.FAMILY))) <= most + 1

    assert len(list(state.under(referral_memory.ENDED))) > 100


def test_one_output_is_checked_and_sent_on() -> None:
    """The short routing reads the event as the hub does and sends its bytes to its recipient."""
    processor = next(each for each in PROCESSORS if each.SOURCE is REFERRALS)
    received = _received(7)
    decision = processor.handle(received, state={}, parties=load_parties(), limits=Limits())

    (output,) = decision.outputs
    assert output.topic == f"to.{EVENTS.recipient(7)}"
    assert output.record.value == received.record.value
    assert decode(output.record) == decode(received.record)


def test_exactly_once_is_counted() -> None:
    """A lost, a repeated and a misrouted event are each told from exactly once."""
    assert EVENTS.recipient(1) != EVENTS.recipient(2)
    assert _outputs(0, 1, 2).are_exact([DELIVERY], 3)
    assert not _outputs(0, 2).are_exact([DELIVERY], 3)
    assert not _outputs(0, 1, 1, 2).are_exact([DELIVERY], 3)
    assert not _outputs(0, 1, 1).are_exact([DELIVERY], 3)
    assert not _outputs(0, 1, 2, wrong=1).are_exact([DELIVERY], 3)
    assert not _outputs(0, 1, 2).are_exact([DELIVERY, "receipt"], 3)


def test_start_up_is_not_measured() -> None:
    """What came before the warm-up's end counts neither as time nor as events."""
    stamps = [0] * 10 + [10_000 + 100 * number for number in range(21)]
    begin, end, moved = measured(stamps)

    assert WARM_UP == 1 / 3
    assert (begin, end, moved) == (10.0, 12.0, 20)


def test_spreads_percentiles_and_slopes() -> None:
    """The figures are what their names say."""
    assert spread([3, 1, 2]) == {"min": 1, "median": 2, "max": 3}
    assert percentile(range(1, 101), 0.5) == 50
    assert percentile(range(1, 101), 0.99) == 99
    assert percentile([5], 0.99) == 5
    assert slope([(0, 1), (1, 3), (2, 5)]) == 2
    assert slope([(1, 1), (1, 2)]) == 0


def test_targets_are_judged_by_what_is_there() -> None:
    """A target is judged by medians, to the faster of two; without figures it is left out."""

    def speed(median: float) -> dict[str, dict[str, float]]:
        return {"events_per_s": {"min": 0, "median": median, "max": 0}}

    ours, quix, faster = speed(1500), speed(1000), speed(1250)
    found = judged({"contenders": {"hub-one-output": ours, "quix": quix, "quix-batches": faster}})
    alone = judged({"contenders": {"hub-one-output": ours, "quix": quix}})

    assert [(one["value"], one["met"]) for one in found] == [(1.2, False)]
    assert [(one["value"], one["met"]) for one in alone] == [(1.5, True)]
    assert judged({}) == []


def test_runs_are_compared_figure_by_figure() -> None:
    """Each figure of both runs has its ratio; what only one has is not compared."""
    earlier = {"contenders": {"a": {"events_per_s": {"median": 100.0}}}, "memory": {"end_mb": 80.0}}
    later = {"contenders": {"a": {"events_per_s": {"median": 150.0}}, "b": {"peak_mb": 1.0}}}

    assert compared(later, earlier) == {"contenders.a.events_per_s": 1.5}


def test_a_fault_anywhere_is_a_fault() -> None:
    """A contender that failed makes the run fail; one that is not there does not."""
    assert has_fault({"contenders": {"a": {"fault": "ended"}}})
    assert has_fault({"latency": {"fault": {"http-20": "late"}}})
    assert not has_fault({"contenders": {"a": {"there": False, "why": "no JDK"}}})


@pytest.mark.parametrize("package", ["pydantic", "aiokafka", "kafka-python", "faust-streaming"])
def test_peers_run_with_what_the_hub_runs_with(package: str) -> None:
    """What hub and peers share has one version, so that neither is slower by its age."""
    lines = (BENCH / "peers.txt").read_text("utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))

    assert pins[package] == version(package)


def test_java_checks_by_the_same_contract() -> None:
    """The words that the Java peer accepts are those of the contract."""
    source = (BENCH / "streams" / "Referral.java").read_text("utf-8")
    for name, words in (("Service", Service), ("Urgency", Urgency), ("Place", MeetingPlace)):
        found = re.search(rf"enum {name} \{{([^}}]*)\}}", source)
        assert found
        assert re.findall(r"\w+", found[1]) == [word.value for word in words]


def test_every_name_is_explained() -> None:
    """The benchmark's page has each contender and section, in the order of the list."""
    page = (BENCH / "README.md").read_text("utf-8")
    places = [page.index(f"| `{name}` |") for name in plan.EVERYTHING]

    assert all(before < after for before, after in pairwise(places))
    assert {contender.name for contender in contenders.ALL} <= set(plan.EVERYTHING)
