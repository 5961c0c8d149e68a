"""What happens to a referral while time goes by: who is reminded, what expires, what is kept."""

from datetime import datetime, timedelta

import pytest

from hub.domain.timers import Timer
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.vocabulary import Verdict
from tests.support.answers import DISTRICT, Hub, Timed
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW, a_referral, a_step

YEAR = timedelta(days=365)


def _said(rung: list[Timed]) -> list[tuple[str, str, str | None]]:
    return [(to, e.data.TYPE, e.context.rule) for timed in rung for to, e in timed.events]


def _timers(hub: Hub) -> list[Timer]:
    return [Timer.parse(key) for key in hub.state if key.startswith(b"timer/")]


def _kept(hub: Hub) -> set[bytes]:
    families = (b"referral/", b"ended/", b"clock/", b"timer/")
    return {key.partition(b"/")[0] for key in hub.state if key.startswith(families)}


def _every_time() -> list[Timer]:
    return [Timer.parse(timed.due.key) for timed in Hub().after(a_referral()).rings(NOW + YEAR)]


def test_nobody_answers() -> None:
    """Owner reminded, both told that it is late, its lead, then both that it expired; no more."""
    hub = Hub().after(a_referral(to=DIEBURG, purpose="benefits", legalbasis="sgb1-16-2"))
    rung = hub.rings(NOW + YEAR)
    assert _said(rung) == [
        (DIEBURG, "reminder.due", "reminder-to-owner"),
        (DIEBURG, "reminder.overdue", "overdue-to-owner"),
        (EPPERTSHAUSEN, "reminder.overdue", "overdue-to-sender"),
        (KFB, "reminder.overdue", "late-again-to-lead"),
        (DIEBURG, "referral.status-changed", "expiry-to-owner"),
        (EPPERTSHAUSEN, "referral.status-changed", "expiry-to-sender"),
    ]
    grounds = {(e.context.purpose, e.context.legalbasis) for timed in rung for _, e in timed.events}
    assert grounds == {("benefits", "sgb1-16-2")}
    assert _kept(hub) == {b"ended"}


def test_each_time_has_its_ledger_line() -> None:
    """What was said because a time was over stands there, with its ids; the end with its status."""
    rung = Hub().after(a_referral()).rings(NOW + YEAR)
    for timed in rung:
        line = timed.ledger
        assert (timed.verdict, line.verdict) == (Verdict.TIMED, Verdict.TIMED)
        assert (line.topic, line.partition, line.offset) == ("referrals", -1, -1)
        assert (line.event_id, line.sender, line.recipients) == (None, None, ())
        told = [(to, event.context.id) for to, event in timed.events]
        assert [(notice.to, notice.event_id) for notice in line.notices] == told
        assert line.received_at == timed.due.now
    *others, last = [timed.ledger.step for timed in rung]
    assert others == [None] * 3
    assert last is not None
    assert (last.status, last.reason) == ("expired", "no_answer")


def test_expired_referral_is_told_as_a_status() -> None:
    """Both sides read what every end says."""
    rung = Hub().after(a_referral()).rings(NOW + YEAR)
    said = [event.data for _, event in rung[-1].events]
    assert [type(data) for data in said] == [ReferralStatusChanged] * 2


def test_answered_in_time_nobody_is_reminded() -> None:
    """The answer cancels what stood; what is awaited now is the outcome."""
    hub = Hub().after(a_referral(), a_step("accepted"))
    (timer,) = _timers(hub)
    assert timer.name == "outcome-reminder"
    hub.after(a_step("completed", outcome="enrolled"))
    assert hub.rings(NOW + YEAR) == []
    assert _kept(hub) == {b"ended"}


def test_on_hold_the_clock_stands_still() -> None:
    """No timer stands while nobody has to act; afterwards it stands again."""
    hub = Hub().after(a_referral(), a_step("accepted"))
    hub.after(a_step("on-hold", reason="client_not_reached"))
    assert _timers(hub) == []
    later = NOW + timedelta(days=28)
    hub.takes(a_step("in-progress", at=later), at=later)
    assert len(_timers(hub)) == 1


def test_forwarded_the_new_owner_has_its_own_time() -> None:
    """The time to answer begins anew for the new owner; the former one hears nothing more."""
    hub = Hub().after(a_referral())
    later = NOW + timedelta(days=2)
    answer = hub.takes(a_step("forwarded", new_owner=DIEBURG, at=later), at=later)
    step = answer.ledger.step
    assert step is not None
    assert (step.owner, step.due_at) == (DIEBURG, datetime.fromisoformat("2026-03-11T15:00Z"))
    told = {to for to, _, _ in _said(hub.rings(later + timedelta(days=9)))}
    assert told == {DIEBURG, EPPERTSHAUSEN}


def test_step_after_the_end_is_too_late_whoever_rings_first() -> None:
    """By the order of the log alone: a lane that was away for weeks decides the same."""
    late = NOW + timedelta(days=60)
    asked, event = a_referral(), a_step("accepted", at=late)
    awake, asleep = Hub().after(asked), Hub().after(asked)
    rung = awake.rings(late)
    first, second = awake.takes(event, at=late), asleep.takes(event, at=late)
    assert first.problems == second.problems == [("step-out-of-order", "status")]
    assert {*awake.state} == {*asleep.state}
    assert len(second.ledgers) == len(rung) + 1
    ids = [event.context.id for timed in rung for _, event in timed.events]
    assert [event.context.id for _, event in second.events][: len(ids)] == ids


@pytest.mark.parametrize(("before_s", "heard"), [(1, True), (0, False)])
def test_end_is_exact_to_the_second(before_s: int, *, heard: bool) -> None:
    """A second before the end the answer is heard, after the reminders that were due."""
    at = _every_time()[-1].due - timedelta(seconds=before_s)
    answer = Hub().after(a_referral()).takes(a_step("accepted", at=at), at=at)
    assert (answer.verdict is Verdict.ROUTED) is heard
    assert [line.verdict for line in answer.ledgers[:3]] == [Verdict.TIMED] * 3


def test_refused_and_repeated_events_move_no_clock() -> None:
    """What is not sent on leaves referral, clocks and timers as they were."""
    hub = Hub().after(a_referral(id="R-1"))
    before = {k: v for k, v in hub.state.items() if not k.startswith(b"seen/")}
    for event in (
        a_referral(id="R-1"),
        a_step("completed", outcome="enrolled"),
        a_step("accepted", by=DIEBURG),
    ):
        hub.takes(event)
    assert {k: v for k, v in hub.state.items() if not k.startswith(b"seen/")} == before


def test_timer_that_stands_no_more_means_nothing() -> None:
    """A timer whose clock went on writes nothing, not even a ledger line."""
    hub = Hub().after(a_referral())
    (timer,) = _timers(hub)
    hub.after(a_step("accepted"))
    rung = hub.ring(timer.key(), timer.due)
    assert (rung.verdict, rung.decision.outputs, rung.decision.state) == (Verdict.TIMED, [], {})


def test_open_referral_outlives_the_memory_of_its_case() -> None:
    """Its parties forgotten, a referral that is open still goes its way, and nobody else's."""
    hub = Hub().after(a_referral())
    hub.forget(b"case/")
    outsider = a_step("in-progress", by=DIEBURG)
    assert hub.takes(outsider).problems == [("not-a-participant", "subject")]
    assert {*hub.takes(a_step("accepted")).copies} == {EPPERTSHAUSEN}


def test_forgotten_end_is_a_case_nobody_knows() -> None:
    """What is over may be forgotten; then nobody may speak of it, and it may be asked anew."""
    hub = Hub().after(a_referral(), a_step("rejected", reason="at_capacity"))
    hub.forget(b"ended/")
    said = a_step("entered-in-error", by=EPPERTSHAUSEN)
    assert hub.takes(said).problems == [("case-unknown", "subject")]
    assert hub.takes(a_referral()).verdict is Verdict.ROUTED


def test_asked_anew_it_is_open_again() -> None:
    """After the end a case may be asked anew: it stands once, with one clock."""
    hub = Hub().after(a_referral(), a_step("rejected", reason="at_capacity"), a_referral())
    assert _kept(hub) == {b"referral", b"clock", b"timer"}
    assert len(_timers(hub)) == 1


def test_ledger_says_when_an_answer_is_due() -> None:
    """With the request, counted by its owner's hours; with a step that asks nobody, not."""
    hub = Hub()
    asked = hub.takes(a_referral()).ledger.step
    assert asked is not None
    assert asked.due_at == DISTRICT.by_id[KFB].working_time.add_working_days(NOW, 5)
    later = NOW + timedelta(hours=1)
    accepted = hub.takes(a_step("accepted", at=later), at=later).ledger.step
    assert accepted is not None
    assert (accepted.status, accepted.due_at) == ("accepted", None)
