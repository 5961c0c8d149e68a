"""Each problem the hub can have with an event: code, field, receipt, ledger line, dead letter."""

from datetime import timedelta

import pytest

from hub.domain.parties import Parties
from schemas.problems import ProblemCode
from schemas.topics import ADDRESS_CHANGES, REFERRALS, SUPPORT_OFFERS, Topic
from schemas.vocabulary import Verdict
from tests.support.answers import WITH_NEIGHBOURS, Hub
from tests.support.builders import (
    BLOCKING,
    CONSENT,
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    WEITERSTADT,
    a_block,
    a_correction,
    a_move,
    a_referral,
    an_offer,
)
from tests.support.refusal_stories import BEFORE_THE_RULES, HELD, NO_SUCH_AGS, REFUSED, Refused


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.says)
def test_refused_with_code_and_field(case: Refused) -> None:
    """The event goes nowhere; its codes and fields are exactly those of the story."""
    answer = case.answer()
    assert (answer.verdict, answer.problems) == (Verdict.REFUSED, [*case.problems])
    assert not answer.copies
    assert not answer.notices


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.says)
def test_sender_hears_of_it(case: Refused) -> None:
    """A known sender gets one receipt with the same problems; nobody else gets anything."""
    answer = case.answer()
    known = case.sender in WITH_NEIGHBOURS.by_id
    assert [to for to, _ in answer.events] == ([case.sender] if known else [])
    if known:
        said = [(str(found.code), found.field) for found in answer.refused.problems]
        assert said == [*case.problems]
        assert not answer.refused.repeated
        assert answer.refused.received_at == NOW


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.says)
def test_ledger_has_a_line_and_the_record_is_kept(case: Refused) -> None:
    """One line of the ledger with the codes, one dead letter with the record's own bytes."""
    answer = case.answer()
    line, (letter,) = answer.ledger, answer.dead
    assert line.verdict is Verdict.REFUSED
    assert [str(code) for code in line.problems] == [code for code, _ in case.problems]
    assert (line.recipients, line.rules) == ((), ())
    lying = answer.received
    assert (line.topic, line.partition, line.offset) == (lying.topic, lying.partition, lying.offset)
    assert letter.record.value == lying.record.value
    assert letter.record.key == lying.record.key


def test_every_code_of_the_hub_has_a_story() -> None:
    """No problem code is untold, except what is found before the rules are asked."""
    told = {ProblemCode(code) for case in REFUSED for code, _ in case.problems}
    assert told == {*ProblemCode} - BEFORE_THE_RULES


def test_unknown_area_is_answered_with_the_nearest_names() -> None:
    """The detail names the municipality that was probably meant."""
    answer = Hub().takes(a_move(new_ags="06432050"))
    assert "Eppertshausen (06432005)" in answer.problem.detail


def test_too_late_and_too_early_begin_beyond_the_limit() -> None:
    """Thirty days back and five minutes ahead are still accepted, to the second."""
    for at in (NOW - timedelta(days=30), NOW + timedelta(minutes=5)):
        assert Hub().takes(a_referral(at=at)).verdict is Verdict.ROUTED


@pytest.mark.parametrize("expires_at", [None, NOW, NOW + timedelta(days=1)])
def test_consent_that_holds_is_enough(expires_at: object) -> None:
    """A referral on consent is sent on while the named consent holds."""
    event = a_referral(consent=HELD | {"expires_at": expires_at}, **CONSENT)
    assert Hub().takes(event).verdict is Verdict.ROUTED


def test_block_protects_whoever_sets_it() -> None:
    """A block on a case is accepted from a municipality that had no part in it."""
    answer = Hub().after(a_move()).takes(a_block(by=WEITERSTADT, **BLOCKING))
    assert {*answer.copies} == {KFB, EPPERTSHAUSEN, DIEBURG}


@pytest.mark.parametrize("topic", [REFERRALS, ADDRESS_CHANGES, SUPPORT_OFFERS])
def test_every_topic_refuses_what_is_not_its_own(topic: Topic) -> None:
    """An event on another topic than its type's is refused there, and lies in that topic's dead."""
    for event in (a_referral(), a_move(), an_offer()):
        answer = Hub().takes(event, topic=topic)
        if event.data.TYPE not in topic.carries:
            assert answer.problems == [("wrong-topic", "type")]
            assert [letter.topic for letter in answer.dead] == [f"{topic.name}.dead"]


def test_holder_may_speak_on_the_case() -> None:
    """Who was sent something on a case has part in it."""
    answer = Hub().after(a_move()).takes(a_correction(by=DIEBURG))
    assert answer.verdict is Verdict.ROUTED


def test_details_of_problems_stay_short() -> None:
    """A registry with very long names does not break the answer to a mistyped key."""
    party = tuple(
        each.model_copy(update={"name": f"{each.name} im schönen Landkreis" * 20})
        for each in WITH_NEIGHBOURS.party
    )
    hub = Hub(Parties(district="06432", party=party))
    assert len(hub.takes(a_move(new_ags=NO_SUCH_AGS)).problem.detail) <= 300
