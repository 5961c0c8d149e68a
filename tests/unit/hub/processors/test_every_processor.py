"""What every processor promises: its name, its topic, what it writes, and where."""

import importlib
import inspect
from datetime import timedelta

import pytest

from hub.domain.decision import EVERY_PARTITION, Processor
from hub.processors import ALL
from schemas.codec import decode
from schemas.topics import (
    DEAD_SUFFIX,
    DELIVERY_PREFIX,
    LANE_OFFERS,
    LANE_TOPICS,
    LEDGER,
    PROBE_ANSWERS,
    dead_topic,
    delivery_topic,
)
from tests.support.answers import WITH_NEIGHBOURS, Answer, Hub, Timed
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    KFB,
    NOW,
    a_block,
    a_capacity,
    a_continuation,
    a_correction,
    a_lifted_block,
    a_move,
    a_probe,
    a_referral,
    a_report,
    a_step,
    a_withdrawal,
    a_withdrawn_offer,
    an_offer,
    an_opening,
)
from tests.support.refusal_stories import REFUSED

WHY = {"purpose": "municipal-services", "legalbasis": "sgb2-16a"}
DEBTS: dict[str, object] = {"service": "debt_counselling", "first_received_by": KFB, **WHY}
PROCESSORS = pytest.mark.parametrize("processor", ALL, ids=lambda each: each.NAME)


def _timed() -> list[Timed]:
    """Enough of what is said because a time is over."""
    hub = Hub(WITH_NEIGHBOURS).after(
        a_referral(),
        a_referral(on="case-2", to=DIEBURG),
        a_move(new_ags=DARMSTADT_AGS),
        an_offer(),
    )
    return hub.rings(NOW + timedelta(days=400))


def _decided() -> list[tuple[Processor, Answer | Timed]]:
    """All that was decided, each with the processor that did."""
    by_topic = {each.SOURCE.name: each for each in ALL}
    by_name = {each.NAME: each for each in ALL}
    answers = [(by_topic[answer.received.topic], answer) for answer in _answers()]
    return [*answers, *((by_name[timed.due.processor], timed) for timed in _timed())]


def _answers() -> list[Answer]:
    """Enough of everything to see all that is ever written."""
    hub = Hub(WITH_NEIGHBOURS)
    events = (
        a_referral(),
        an_opening(),
        a_step("accepted"),
        a_move(),
        a_move(on="case-2", new_ags=DARMSTADT_AGS),
        a_continuation(by="jc-darmstadt", on="case-2"),
        a_correction(),
        a_withdrawal(),
        a_block(),
        a_lifted_block(),
        a_referral(by=KFB, on="case-3", **DEBTS),
        a_referral(by=KFB, on="case-4", to=DIEBURG, **DEBTS),
        an_offer(by=DIEBURG, service="debt_counselling"),
        a_step("rejected", by=DIEBURG, on="case-4", reason="at_capacity", **WHY),
        a_capacity(by=DIEBURG),
        a_withdrawn_offer(by=DIEBURG),
        a_probe(),
        a_probe(recipient=None),
    )
    answers = [answer for event in events for answer in (hub.takes(event), *hub.hears())]
    answers += [case.answer() for case in REFUSED]
    return [*answers, hub.takes(a_report(answers[0].copies[KFB])), hub.takes(a_report())]


@PROCESSORS
def test_name_is_the_modules(processor: Processor) -> None:
    """Who reads a topic or a log finds the module of that name."""
    module = importlib.import_module(f"hub.processors.{processor.NAME}")
    assert module is processor


@PROCESSORS
def test_module_says_what_it_does(processor: Processor) -> None:
    """A newcomer reads its first line and knows."""
    first = (inspect.getdoc(processor) or "").partition("\n")[0]
    assert first.startswith("Sends ")
    assert first.endswith(".")


def test_each_topic_a_lane_reads_has_one_processor() -> None:
    """Nothing comes in that nobody reads, nothing is read twice."""
    assert sorted(each.SOURCE.name for each in ALL) == sorted(topic.name for topic in LANE_TOPICS)


def test_what_is_written_is_declared_and_lies_where_it_belongs() -> None:
    """Each type on its topic: parties', the ledger, own dead letters, each lane; nothing else."""
    for processor, answer in _decided():
        for output in answer.decision.outputs:
            if output.topic.endswith(DEAD_SUFFIX):
                assert isinstance(answer, Answer)
                assert output.topic == dead_topic(processor.SOURCE).name
                assert output.partition == answer.received.partition
                continue
            if output.topic == LANE_OFFERS.name:
                assert output.partition == EVERY_PARTITION
                continue
            kind = decode(output.record).data.TYPE
            assert output.partition is None
            if output.topic == LEDGER.name:
                assert kind in LEDGER.carries
                continue
            assert kind in processor.EMITS
            party = output.topic.removeprefix(DELIVERY_PREFIX)
            if output.topic == PROBE_ANSWERS.name:
                assert kind in PROBE_ANSWERS.carries
                continue
            assert party in WITH_NEIGHBOURS.by_id
            assert kind in delivery_topic(party).carries


def test_whatever_is_written_names_its_processor() -> None:
    """The source of all that the hub says tells which processor said it."""
    for processor, answer in _decided():
        name = processor.NAME.replace("_", "-")
        assert {event.context.source for _, event in answer.events} <= {f"//kurze-wege/hub/{name}"}


def test_all_that_is_declared_is_written() -> None:
    """No processor declares a type that it never writes."""
    written: dict[str, set[str]] = {each.SOURCE.name: set() for each in ALL}
    for processor, answer in _decided():
        written[processor.SOURCE.name] |= {event.data.TYPE for _, event in answer.events}
    assert written == {each.SOURCE.name: {*each.EMITS} for each in ALL}


def test_everything_written_is_keyed_by_its_case() -> None:
    """What belongs to a case keeps its order: its records have the case's key."""
    for _, answer in _decided():
        for output in answer.decision.outputs:
            if not output.topic.endswith(DEAD_SUFFIX) and output.topic != LANE_OFFERS.name:
                event = decode(output.record)
                assert output.record.key == event.context.subject.encode()
