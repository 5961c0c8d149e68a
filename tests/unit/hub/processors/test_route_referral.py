"""A referral from request to end: who owns it, and who hears of which step."""

from datetime import timedelta

import pytest

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.receipt_seen import ReceiptSeen
from schemas.events.referral_requested import ReferralRequested
from schemas.vocabulary import MeetingPlace
from tests.support.answers import Answer, Hub
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    WEITERSTADT,
    a_referral,
    a_step,
    an_old_fashioned_referral,
    an_opening,
)


def test_steps_reach_the_other_side_each_time() -> None:
    """Accepted, in progress, completed: the town that asked hears of each, the speaker of none."""
    hub = Hub().after(a_referral())
    for status in ("accepted", "in-progress", "completed"):
        assert {*hub.takes(a_step(status)).copies} == {EPPERTSHAUSEN}
    assert {*hub.takes(a_step("entered-in-error", by=EPPERTSHAUSEN)).copies} == {KFB}


def test_forwarded_referral_has_a_new_owner() -> None:
    """The new owner and the sender hear of each other; the former owner is out (SGB I §16(2))."""
    hub = Hub().after(a_referral(), a_step("forwarded", new_owner=DIEBURG))
    assert {*hub.takes(a_step("accepted", by=DIEBURG)).copies} == {EPPERTSHAUSEN}
    wished = a_step("cancellation-requested", by=EPPERTSHAUSEN, reason="client_declined")
    assert {*hub.takes(wished).copies} == {DIEBURG}
    assert hub.takes(a_step("accepted")).problems == [("not-a-participant", "subject")]


def test_forwarded_twice() -> None:
    """From hand to hand the last owner counts."""
    hub = Hub().after(
        a_referral(),
        a_step("forwarded", new_owner=DIEBURG),
        a_step("forwarded", by=DIEBURG, new_owner=WEITERSTADT),
    )
    assert {*hub.takes(a_step("accepted", by=WEITERSTADT)).copies} == {EPPERTSHAUSEN}


def test_refused_step_changes_no_owner() -> None:
    """A referral forwarded to a stranger stays where it was."""
    hub = Hub().after(a_referral())
    assert hub.takes(a_step("forwarded", new_owner="06432099")).problems
    assert {*hub.takes(a_step("accepted")).copies} == {EPPERTSHAUSEN}


def test_each_referral_has_its_own_owner() -> None:
    """Two referrals at once do not get mixed up."""
    hub = Hub().after(a_referral(on="case-1"), a_referral(on="case-2", to=DIEBURG))
    assert hub.takes(a_step("accepted", on="case-1", by=DIEBURG)).problems
    assert {*hub.takes(a_step("accepted", on="case-2", by=DIEBURG)).copies} == {EPPERTSHAUSEN}


def test_owner_may_ask_somebody_else_once_it_is_over() -> None:
    """Who had a referral may send the client on as one of their own, not while it is open."""
    hub = Hub().after(a_referral(), a_step("accepted"))
    onward = {"by": KFB, "service": "debt_counselling"}
    assert hub.takes(a_referral(**onward)).problems == [("referral-already-open", "subject")]
    hub.after(a_step("completed", outcome="referred_on"))
    answer = hub.takes(a_referral(**onward))
    assert answer.rules == {EPPERTSHAUSEN: "referral-by-service-and-residence"}


def test_answers_go_to_who_asked_last() -> None:
    """A referral sent on as one's own is answered to its new sender."""
    rejected = a_step("rejected", reason="not_responsible")
    hub = Hub().after(a_referral(), rejected, a_referral(by=KFB, to=DIEBURG))
    assert {*hub.takes(a_step("accepted", by=DIEBURG)).copies} == {KFB}


def test_refused_step_changes_nothing() -> None:
    """A step out of order names what may be said, and the next one may still be said."""
    hub = Hub().after(a_referral())
    answer = hub.takes(a_step("completed", outcome="enrolled"))
    assert answer.problem.detail.endswith("accepted, rejected, cancelled, forwarded.")
    assert {*hub.takes(a_step("accepted")).copies} == {EPPERTSHAUSEN}


@pytest.mark.parametrize(("on_site", "place"), [(True, "town_hall"), (False, "kranichstein")])
def test_pilots_referral_is_delivered_as_todays(*, on_site: bool, place: str) -> None:
    """Its place becomes a code, its receipt the filing date, which nobody changes on the way."""
    event = an_old_fashioned_referral(on_site=on_site)
    copy = Hub().takes(event).copies[KFB].data
    assert isinstance(copy, ReferralRequested)
    assert copy.wished_place is MeetingPlace(place)
    assert copy.first_received_at == event.data.received_at
    assert copy.first_received_by == EPPERTSHAUSEN


def test_filing_date_stays_as_it_was_first_said() -> None:
    """However often a referral is sent on, first receipt counts (SGB I §16(2))."""
    event = a_referral(first_received_at="2026-01-15T08:00:00+01:00", first_received_by=DIEBURG)
    copy = Hub().takes(event).copies[KFB].data
    assert copy == event.data


def test_the_sender_hears_once_that_it_was_opened() -> None:
    """However often somebody at the owner opens it, the sender is told of the first time."""
    asked = a_referral(id="ref-1")
    hub = Hub().after(asked)
    first = hub.takes(an_opening(at=NOW + timedelta(minutes=3)), at=NOW + timedelta(minutes=4))
    ((to, event),) = seen_in(first)
    assert to == EPPERTSHAUSEN
    assert event.data == ReceiptSeen(
        event_id="ref-1", seen_by=KFB, seen_at=NOW + timedelta(minutes=3)
    )
    assert event.context.rule == "seen-to-sender"
    assert first.copies == {}
    assert [notice.to for notice in first.ledger.notices] == [EPPERTSHAUSEN]
    assert seen_in(hub.takes(an_opening())) == []
    assert {*hub.takes(a_step("accepted")).copies} == {EPPERTSHAUSEN}
    assert seen_in(hub.takes(an_opening())) == []


def test_a_new_owner_opens_it_anew() -> None:
    """Whoever it was forwarded to is another: the sender hears of their first time as well."""
    hub = Hub().after(a_referral(id="ref-1"), an_opening())
    hub.after(a_step("forwarded", new_owner=DIEBURG))
    ((to, event),) = seen_in(hub.takes(an_opening(by=DIEBURG)))
    assert to == EPPERTSHAUSEN
    assert event.data == ReceiptSeen(event_id="ref-1", seen_by=DIEBURG, seen_at=NOW)


@pytest.mark.parametrize(
    ("by", "on", "problem"),
    [
        (EPPERTSHAUSEN, "case-1", ("step-not-yours", "type")),
        (DIEBURG, "case-1", ("not-a-participant", "subject")),
        (KFB, "case-2", ("case-unknown", "subject")),
    ],
)
def test_only_its_owner_opens_a_referral(by: str, on: str, problem: tuple[str, str]) -> None:
    """Whoever else says so is refused, and nobody is told."""
    answer = Hub().after(a_referral()).takes(an_opening(by=by, on=on))
    assert answer.problems == [problem]
    assert seen_in(answer) == []


def test_opened_when_it_is_over() -> None:
    """It is taken, and nobody needs to know any more."""
    hub = Hub().after(a_referral(), a_step("cancelled", by=EPPERTSHAUSEN, reason="client_declined"))
    answer = hub.takes(an_opening())
    assert answer.problems == []
    assert seen_in(answer) == []


def seen_in(answer: Answer) -> list[tuple[str, Event[Data]]]:
    """What was said of its having been opened."""
    return [(to, event) for to, event in answer.events if isinstance(event.data, ReceiptSeen)]
