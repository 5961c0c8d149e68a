"""Records and timers find the processor they are for."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from hub.domain.decision import (
    Decision,
    Due,
    Kept,
    Limits,
    Processor,
    Received,
    State,
    no_timers,
)
from hub.domain.parties import Parties
from hub.party_file import load_parties
from hub.processors import ALL
from hub.streaming.rules import Rules
from schemas.codec import Record
from schemas.topics import ADDRESS_CHANGES, REFERRALS, Topic
from schemas.vocabulary import Verdict

PARTIES = load_parties()
LIMITS = Limits()
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class Stub:
    """A processor that notes what it was given."""

    NAME: str
    SOURCE: Topic
    EMITS: tuple[str, ...] = ()
    given: list[object] = field(default_factory=list)

    def handle(
        self, received: Received, state: State, parties: Parties, limits: Limits
    ) -> Decision:
        """Note it."""
        self.given += [received, state, parties, limits]
        return Decision(Verdict.ROUTED)

    def on_time(self, due: Due, state: State, parties: Parties) -> Decision:
        """Note it."""
        self.given += [due, state, parties]
        return Decision(Verdict.ROUTED)


def received(topic: str) -> Received:
    """An empty record on this topic."""
    return Received(topic, 0, 7, 0, Record(None, None, []))


@pytest.fixture
def stubs() -> tuple[Stub, Stub]:
    """Two processors."""
    return Stub("first", ADDRESS_CHANGES), Stub("second", REFERRALS)


def test_the_topics_have_the_prefix_and_the_order_of_the_processors(
    stubs: tuple[Stub, Stub],
) -> None:
    """A lane moves what waits in this order."""
    assert Rules(stubs, PARTIES, LIMITS, "p.").topics == ("p.address-changes", "p.referrals")


def test_a_record_goes_to_the_processor_of_its_topic(stubs: tuple[Stub, Stub]) -> None:
    """With the memory, the registry and the limits it needs to decide."""
    record, state = received("p.referrals"), Kept()
    Rules(stubs, PARTIES, LIMITS, "p.").decide(record, state)

    assert stubs[1].given == [record, state, PARTIES, LIMITS]
    assert stubs[0].given == []


def test_a_timer_goes_to_the_processor_that_set_it(stubs: tuple[Stub, Stub]) -> None:
    """Whatever its own key says after the name."""
    due, state = Due(b"timer/0000000010/first/a/second/x", b"v", NOW), Kept()
    Rules(stubs, PARTIES, LIMITS, "p.").ring(due, state)

    assert stubs[0].given == [due, state, PARTIES]
    assert stubs[1].given == []


def test_a_topic_without_the_prefix_is_somebody_elses(stubs: tuple[Stub, Stub]) -> None:
    """Hubs that share a broker never take each other's records."""
    with pytest.raises(LookupError):
        Rules(stubs, PARTIES, LIMITS, "p.").decide(received("referrals"), Kept())


@pytest.mark.parametrize("processor", ALL, ids=lambda each: each.NAME)
def test_every_processor_can_be_asked_as_a_lane_asks(processor: Processor) -> None:
    """Each takes a record of its topic, and a timer of its own or none."""
    rules = Rules(ALL, PARTIES, LIMITS, "p.")
    decision = rules.decide(received(f"p.{processor.SOURCE.name}"), Kept())
    assert decision.verdict is Verdict.REFUSED
    due = Due(f"timer/0000000010/{processor.NAME}/answer-reminder/x".encode(), b"{}", NOW)
    if processor.on_time is no_timers:
        with pytest.raises(LookupError, match=processor.NAME):
            rules.ring(due, Kept())
    else:
        assert rules.ring(due, Kept()).verdict is Verdict.TIMED
