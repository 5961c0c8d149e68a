"""`explain` says what the hub would do with an event, and it is what the hub does."""

import json

import pytest

from hub.domain.decision import Limits
from hub.domain.explain import explain
from hub.domain.explanation import Explanation
from hub.domain.parties import Parties
from hub.domain.routing import SAYS
from hub.processors import ALL
from schemas.data import Data
from schemas.envelope import Event
from schemas.vocabulary import Verdict
from tests.support.answers import DISTRICT, WITH_NEIGHBOURS, Hub
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    KFB,
    NOW,
    a_block,
    a_move,
    a_referral,
    a_step,
    an_offer,
    an_old_fashioned_referral,
)
from tests.support.refusal_stories import REFUSED

EVENTS: tuple[Event[Data], ...] = (
    a_referral(),
    a_referral(by=KFB, service="debt_counselling", client={"disclosure_blocked": True}),
    an_old_fashioned_referral(),
    a_move(),
    a_move(disclosure_blocked=True),
    a_move(new_ags=DARMSTADT_AGS, disclosure_blocked=True),
    a_block(),
    an_offer(service_area=["06432"]),
    a_step("accepted"),
    a_referral(to="06432099", legalbasis="bmg-34"),
)


def _structured(event: Event[Data]) -> bytes:
    envelope = event.context.model_dump(mode="json", exclude_none=True)
    data = event.data.model_dump(mode="json", exclude_none=True)
    return json.dumps(envelope | {"data": data}).encode()


def _explained(event: bytes, parties: Parties = DISTRICT) -> Explanation:
    return explain(event, NOW, parties, Limits(), ALL)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.data.TYPE)
def test_explanation_is_what_the_hub_does(event: Event[Data]) -> None:
    """Verdict, recipients, types, rules, fields left out and problems are those of the hub."""
    answer = Hub().takes(event)
    explained = _explained(_structured(event))
    assert explained.verdict is answer.verdict
    assert [*explained.problems] == [*answer.decision.problems]
    told = [(each.party, each.event_type, each.rule) for each in explained.recipients]
    said = [(to, event.context) for to, event in answer.events]
    assert told == [(to, context.type, context.rule) for to, context in said if context.rule]
    if answer.verdict is Verdict.ROUTED:
        left_out = {each.to: each.left_out for each in answer.delivered.deliveries}
        copies = [each for each in explained.recipients if each.rule in answer.rules.values()]
        assert {each.party: each.left_out for each in copies} == left_out


def test_each_recipient_is_named_with_its_reason() -> None:
    """A clerk reads the party's name and the rule's sentence, not only ids."""
    (first, second) = _explained(_structured(a_move())).recipients
    assert first.name == "Kreisagentur für Beschäftigung Darmstadt-Dieburg"
    assert first.because == SAYS["address-to-open-case"]
    assert (second.party, second.name) == (DIEBURG, "Dieburg")
    assert second.because == SAYS["address-to-place-moved-to"]


def test_left_out_has_its_reason() -> None:
    """Why a copy has no address stands beside what it leaves out, and only there."""
    kfb, town = _explained(_structured(a_move(disclosure_blocked=True))).recipients
    assert (kfb.left_out, kfb.left_out_because) == ((), "")
    assert town.left_out == ("old_address", "new_address", "disclosure_blocked")
    assert "BMG §51" in town.left_out_because


def test_handover_is_explained() -> None:
    """What the hub itself would say is in the list, with its own type and rule."""
    explained = _explained(_structured(a_move(new_ags=DARMSTADT_AGS)))
    assert [(each.event_type, each.rule) for each in explained.recipients] == [
        ("address-change.reported.v1", "address-to-open-case"),
        ("handover.opened.v1", "handover-to-open-case"),
    ]


def _explained_after(event: Event[Data], *before: Event[Data]) -> Explanation:
    earlier = [_structured(each) for each in before]
    return explain(_structured(event), NOW, DISTRICT, Limits(), ALL, earlier)


def test_step_out_of_order_names_the_steps_that_may_be_said() -> None:
    """After what was said before, a refusal says what its sender may say instead."""
    found = _explained_after(a_step("completed", outcome="enrolled"), a_referral())
    (problem,) = found.problems
    assert problem.code == "step-out-of-order"
    assert problem.detail.endswith("Allowed now: accepted, rejected, cancelled, forwarded.")


def test_deadlines_are_explained() -> None:
    """A request sets four times for its owner; accepted, three others; completed, none."""
    asked = _explained(_structured(a_referral())).deadlines
    assert {(each.party, each.awaits) for each in asked} == {(KFB, "answer")}
    names = ["reminder", "overdue", "escalation", "expiry"]
    assert [each.deadline for each in asked] == names
    assert [each.at for each in asked] == sorted(each.at for each in asked)
    accepted = _explained_after(a_step("accepted"), a_referral()).deadlines
    assert [(each.awaits, each.deadline) for each in accepted] == [
        ("outcome", name) for name in names[:3]
    ]
    done = a_step("completed", outcome="enrolled")
    assert _explained_after(done, a_referral(), a_step("accepted")).deadlines == ()


def test_refused_event_sets_no_deadline() -> None:
    """What is not sent on leaves the times of the case as they are."""
    assert _explained(_structured(a_step("accepted"))).deadlines == ()
    assert _explained(_structured(a_referral(to="06432099"))).deadlines == ()


def test_deadlines_of_a_handover_are_explained() -> None:
    """The carrier that still pays is told when that is overdue."""
    found = _explained(_structured(a_move(new_ags=DARMSTADT_AGS))).deadlines
    assert [(each.party, each.awaits, each.deadline) for each in found] == [
        (KFB, "continuation", "overdue"),
        (KFB, "continuation", "escalation"),
    ]


@pytest.mark.parametrize(
    "said", [each.said for each in REFUSED if isinstance(each.said, Event) and not each.topic]
)
def test_every_refusal_is_explained(said: Event[Data]) -> None:
    """A new case's event is refused in the explanation as it is refused in the hub."""
    answer = Hub(WITH_NEIGHBOURS).takes(said)
    explained = _explained(_structured(said), WITH_NEIGHBOURS)
    assert explained.verdict is answer.verdict
    assert [*explained.problems] == [*answer.decision.problems]


UNREADABLE = (
    (b"", "value-unreadable"),
    (b"{", "value-unreadable"),
    (b"\xff", "value-unreadable"),
    (b"[" * 50_000, "value-unreadable"),
    (b"[" * 100_000, "event-too-large"),
    (b"[1]", "value-unreadable"),
    (b'"type"', "value-unreadable"),
    (b'{"type": 1}', "event-type-unknown"),
    (b'{"type": null}', "event-type-unknown"),
    (b'{"type": "referral.asked.v1"}', "event-type-unknown"),
    (b'{"type": "receipt.delivered.v1"}', "event-type-unknown"),
    (b'{"type": "referral.requested.v1", "data": {}}', "attribute-missing"),
)


@pytest.mark.parametrize(("structured", "code"), UNREADABLE, ids=lambda each: str(each)[:40])
def test_anything_can_be_asked(structured: bytes, code: str) -> None:
    """What is no event is explained by its problems."""
    explained = _explained(structured)
    assert explained.verdict is Verdict.REFUSED
    assert code in {str(found.code) for found in explained.problems}
    assert not explained.recipients


def test_no_value_of_the_event_is_repeated() -> None:
    """An explanation can be pasted into a ticket: it holds no name, no address, no birth date."""
    text = repr([_explained(_structured(event)) for event in EVENTS])
    for secret in ("Musterweg", "Probegasse", "Beispiel", "Mia", "1991", "epp-4711"):
        assert secret not in text
