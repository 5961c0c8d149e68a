"""An event sent again is recognised: same source and id, one delivery, a receipt each time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.codec import CONTENT_TYPE, STRUCTURED, Record, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import REFERRALS
from schemas.vocabulary import Verdict
from tests.support.answers import Hub
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    a_block,
    a_move,
    a_referral,
    a_step,
    an_offer,
    an_old_fashioned_referral,
)

ROUTED, REFUSED, REPEATED = Verdict.ROUTED, Verdict.REFUSED, Verdict.REPEATED


def _verdicts(hub: Hub, *said: Event[Data] | Record) -> list[Verdict]:
    return [hub.takes(event, topic=REFERRALS).verdict for event in said]


@pytest.mark.parametrize("event", [a_referral(), a_move(), a_block(), an_offer()])
def test_event_sent_twice_is_delivered_once(event: Event[Data]) -> None:
    """The second time nobody gets a copy or a notice, nothing is remembered anew."""
    hub = Hub()
    first, second, third = (hub.takes(event) for _ in range(3))
    assert (first.verdict, second.verdict, third.verdict) == (ROUTED, REPEATED, REPEATED)
    for again in (second, third):
        assert not again.copies
        assert not again.notices
        assert not again.dead
        assert not again.decision.state


def test_receipt_is_repeated_under_another_id() -> None:
    """Each time the sender hears who got it, in an event of its own that says so."""
    hub, event = Hub(), a_move()
    answers = [hub.takes(event) for _ in range(3)]
    assert len({answer.receipt.context.id for answer in answers}) == 3
    assert [answer.delivered.repeated for answer in answers] == [False, True, True]
    for answer in answers[1:]:
        assert answer.delivered.deliveries == answers[0].delivered.deliveries
        assert answer.delivered.event_id == event.context.id


def test_repetition_has_a_ledger_line() -> None:
    """The ledger says that the record repeated an event, and whom that had reached."""
    hub, event = Hub(), a_move()
    first, second = hub.takes(event), hub.takes(event)
    assert second.ledger.verdict is REPEATED
    assert (second.ledger.recipients, second.ledger.rules) == (
        first.ledger.recipients,
        first.ledger.rules,
    )
    assert second.ledger.offset == first.ledger.offset + 1


def test_repetition_opens_no_second_handover() -> None:
    """A move out of the district that is sent twice opens one hand-over."""
    hub, event = Hub(), a_move(new_ags=DARMSTADT_AGS)
    assert [len(hub.takes(event).notices) for _ in range(2)] == [1, 0]


def test_same_event_in_other_writing_is_recognised() -> None:
    """Order of keys, spaces, and structured instead of binary mode make no other event."""
    event = a_referral()
    binary = encode(event)
    value = binary.value or b""
    spaced = binary._replace(value=b" " + value.replace(b'","', b'" , "'))
    attributes = b",".join(
        b'"%s":"%s"' % (name.removeprefix("ce_").encode(), text)
        for name, text in binary.headers
        if name.startswith("ce_")
    )
    structured = Record(None, b'{"data":%s,%s}' % (value, attributes), [(CONTENT_TYPE, STRUCTURED)])
    assert _verdicts(Hub(), binary, spaced, structured) == [ROUTED, REPEATED, REPEATED]


def test_same_event_in_the_next_version_is_recognised() -> None:
    """A sender that learns the new version and sends the event again has not said another."""
    hub = Hub()
    old = an_old_fashioned_referral(id="R-1")
    first = hub.takes(old)
    newest = next(iter(first.copies.values())).data
    context = old.context.model_copy(update={"type": newest.wire_type()})
    assert hub.takes(Event(context, newest)).verdict is REPEATED


def test_another_time_or_trace_makes_no_other_event() -> None:
    """A client that stamps each attempt anew still sends the same event."""
    hub, event = Hub(), a_referral()
    hub.takes(event)
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    later = {"time": NOW + timedelta(seconds=30), "traceparent": trace}
    again = replace(event, context=event.context.model_copy(update=later))
    assert hub.takes(again).verdict is REPEATED


def test_other_source_is_another_event() -> None:
    """Ids are unique per source: another party or another system may use the same."""
    hub = Hub()
    for n, source in enumerate(("06432005/sozialamt", "06432005/bad", "06432004/bad")):
        event = a_referral(id="R-1", on=f"case-{n}", source=f"//kurze-wege/{source}")
        assert hub.takes(event).verdict is ROUTED


def test_id_reused_leaves_the_first_as_it_was() -> None:
    """After an id was reused, the first event is still recognised and its receipt repeated."""
    hub = Hub()
    first, other = a_referral(id="R-1"), a_referral(id="R-1", service="housing_costs")
    told = hub.takes(first).delivered.deliveries
    assert hub.takes(other).problems == [("id-reused", "id")]
    again = hub.takes(first)
    assert (again.verdict, again.delivered.deliveries) == (REPEATED, told)


def test_refused_and_mended_under_the_same_id_is_accepted() -> None:
    """Whatever was mended: the data, the recipient, the legal basis, the time."""
    for wrong in (
        a_referral(id="R-1", client={"ags": DARMSTADT_AGS}),
        a_referral(id="R-1", to="06432099"),
        a_referral(id="R-1", legalbasis="bmg-34"),
        a_referral(id="R-1", at=NOW + timedelta(days=1)),
    ):
        right = a_referral(id="R-1")
        assert _verdicts(Hub(), wrong, right, right) == [REFUSED, ROUTED, REPEATED]


def test_unreadable_and_mended_under_the_same_id_is_accepted() -> None:
    """The same where the record was no event of the contract at all."""
    right = encode(a_referral(id="R-1"))
    wrong = right._replace(value=b"{")
    assert _verdicts(Hub(), wrong, right) == [REFUSED, ROUTED]


@pytest.mark.parametrize(
    "wrong",
    [
        encode(a_referral(to="06432099")),
        encode(a_referral())._replace(value=b'{"client": {}}'),
    ],
    ids=["not routed", "not readable"],
)
def test_refused_twice_is_answered_twice_and_kept_once(wrong: Record) -> None:
    """The receipt is repeated under another id; there is no second dead letter."""
    hub = Hub()
    first, second = (hub.takes(wrong, topic=REFERRALS) for _ in range(2))
    assert (len(first.dead), len(second.dead)) == (1, 0)
    assert (first.refused.repeated, second.refused.repeated) == (False, True)
    assert first.refused.problems == second.refused.problems
    assert first.receipt.context.id != second.receipt.context.id
    assert (first.ledger.verdict, second.ledger.verdict) == (REFUSED, REPEATED)
    assert first.ledger.problems == second.ledger.problems


def test_id_reused_twice_is_kept_once() -> None:
    """The same event under a used id leaves one dead letter, however often it is sent."""
    hub = Hub().after(a_referral(id="R-1"))
    other = a_referral(id="R-1", service="housing_costs")
    answers = [hub.takes(other) for _ in range(3)]
    assert [len(answer.dead) for answer in answers] == [1, 0, 0]
    assert len({answer.receipt.context.id for answer in answers}) == 3


def test_refused_event_is_judged_anew() -> None:
    """Sent again once nothing is in its way, as a dead letter is, the same event is delivered."""
    hub = Hub()
    step = a_step("accepted")
    assert hub.takes(step).problems == [("case-unknown", "subject")]
    answer = hub.after(a_referral()).takes(step)
    assert (answer.verdict, {*answer.copies}) == (ROUTED, {EPPERTSHAUSEN})


def test_refused_otherwise_is_kept_again() -> None:
    """A mended event that is refused for something else is another dead letter."""
    hub = Hub()
    wrong = a_referral(id="R-1", to="06432099"), a_referral(id="R-1", legalbasis="bmg-34")
    answers = [hub.takes(event) for event in wrong]
    assert [answer.verdict for answer in answers] == [REFUSED, REFUSED]
    assert [len(answer.dead) for answer in answers] == [1, 1]
    assert len({answer.receipt.context.id for answer in answers}) == 2


def test_memory_of_an_event_is_small_and_tells_nothing() -> None:
    """What is remembered of an offer to the whole district is a few hundred bytes of ids."""
    answer = Hub().takes(an_offer(by=KFB, service_area=["06432"]))
    assert len(answer.copies) == 23
    assert max(map(_size, answer.decision.state.items())) < 2048


def _size(entry: tuple[bytes, bytes | None]) -> int:
    key, value = entry
    return len(key) + len(value or b"")


def test_same_id_on_two_cases_makes_copies_that_are_told_apart() -> None:
    """A sender that counts anew in each case loses nothing: the copies have different ids."""
    hub = Hub()
    first = hub.takes(a_move(id="1", on="case-1"))
    other = Hub().takes(a_move(id="1", on="case-2"))
    for to in (KFB, DIEBURG):
        assert first.copies[to].context.id != other.copies[to].context.id
