"""Who hears what when a time is over, and what a referral's steps do to its clocks."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.clocks import Clock, Deadline
from hub.domain.deadlines import Rung, Wait, first_due, follow, load, ring
from hub.domain.decision import State
from hub.domain.life_cycle import UNANSWERED, expire, step
from hub.domain.parties import Parties
from hub.domain.referral import Referral, allowed, awaits, is_final
from hub.domain.refusal import Refusal
from hub.domain.reminders import SAYS, reminders, waits_of
from hub.domain.timers import Place
from hub.domain.transitions import Side
from schemas.events.handover_overdue import HandoverOverdue
from schemas.events.reminder_due import ReminderDue
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.vocabulary import AwaitedStep
from tests.support.answers import CARITAS, DISTRICT, WITH_NEIGHBOURS
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW
from tests.support.patience import PATIENT
from tests.support.referral_courses import (
    COURSES,
    FINAL,
    OPEN,
    OWNER,
    SENDER,
    UNDER_WAY,
    after,
    asked,
    saying,
    standing_at,
)

HERE: Final = Place("route_referral", "case-1")
DUE: Final = datetime(2026, 3, 13, 15, 0, tzinfo=UTC)


def over(deadline: Deadline, of: str = DIEBURG, step: AwaitedStep = AwaitedStep.ANSWER) -> Rung:
    """A time that is over."""
    return Rung(Clock(step, of, NOW), deadline, DUE, "a name", {})


def told(rung: Rung, sender: str | None = EPPERTSHAUSEN) -> dict[str, object]:
    """Who is told what."""
    return {said.to: said.data for said in reminders(rung, sender, WITH_NEIGHBOURS)}


def test_owner_is_reminded() -> None:
    """After half of the time the owner alone hears until when what is due."""
    said = ReminderDue(owner=DIEBURG, due_at=DUE)
    assert told(over(Deadline.REMINDER)) == {DIEBURG: said}


def test_owner_and_sender_hear_that_it_is_late() -> None:
    """When the time is over both hear the same."""
    said = ReminderOverdue(owner=DIEBURG, due_at=DUE)
    assert told(over(Deadline.OVERDUE)) == {DIEBURG: said, EPPERTSHAUSEN: said}
    assert said.level == 1


def test_lead_hears_that_it_is_late_again() -> None:
    """As much time again, and the jobcenter's lead hears of it, at the second level."""
    said = ReminderOverdue(owner=DIEBURG, due_at=DUE, level=2)
    assert told(over(Deadline.ESCALATION)) == {KFB: said}


def test_party_may_name_another_lead() -> None:
    """A provider whose lead is a town hall escalates there."""
    changed = tuple(
        party.model_copy(update={"escalates_to": EPPERTSHAUSEN}) if party.id == CARITAS else party
        for party in WITH_NEIGHBOURS.party
    )
    parties = Parties(district=WITH_NEIGHBOURS.district, party=changed)
    (said,) = reminders(over(Deadline.ESCALATION, CARITAS), KFB, parties)
    assert said.to == EPPERTSHAUSEN


def test_both_hear_that_it_expired() -> None:
    """The end is said as every end: a status, with its reason."""
    assert told(over(Deadline.EXPIRY)) == {DIEBURG: UNANSWERED, EPPERTSHAUSEN: UNANSWERED}
    assert (UNANSWERED.status, UNANSWERED.reason) == ("expired", "no_answer")


@pytest.mark.parametrize("step", [AwaitedStep.OUTCOME, AwaitedStep.CANCELLATION])
def test_other_steps_are_named(step: AwaitedStep) -> None:
    """A reminder says what is awaited, if it is not the answer."""
    said = ReminderOverdue(owner=DIEBURG, due_at=DUE, awaits=step)
    assert told(over(Deadline.OVERDUE, step=step))[DIEBURG] == said


def test_sender_hears_that_nobody_collects() -> None:
    """Who does not look into the mailbox is not told so in the mailbox."""
    said = ReminderOverdue(owner=DIEBURG, due_at=DUE, awaits=AwaitedStep.COLLECTION)
    assert told(over(Deadline.OVERDUE, step=AwaitedStep.COLLECTION)) == {EPPERTSHAUSEN: said}


@pytest.mark.parametrize("deadline", [Deadline.OVERDUE, Deadline.ESCALATION])
def test_old_carrier_hears_that_it_still_pays(deadline: Deadline) -> None:
    """An open hand-over is told to carriers only, since when and until when it should have been."""
    said = HandoverOverdue(old_carrier=KFB, opened_at=NOW, due_at=DUE)
    rung = over(deadline, KFB, AwaitedStep.CONTINUATION)
    assert told(rung, None) == {KFB: said}
    assert told(over(deadline, DIEBURG, AwaitedStep.CONTINUATION), None).keys() <= {KFB}


@pytest.mark.parametrize("deadline", Deadline)
def test_each_party_is_told_once(deadline: Deadline) -> None:
    """Who is owner and lead, or sender and lead, gets one event; who left the registry none."""
    for owner in (KFB, DIEBURG, "gone"):
        for sender in (KFB, EPPERTSHAUSEN, "gone"):
            said = reminders(over(deadline, owner), sender, DISTRICT)
            assert len({each.to for each in said}) == len(said)
            assert {each.to for each in said} <= DISTRICT.by_id.keys()
            assert {each.rule for each in said} <= SAYS.keys()


def test_every_rule_can_be_met() -> None:
    """No rule is explained that nothing is said by."""
    met = {
        said.rule
        for deadline in Deadline
        for step in AwaitedStep
        for said in reminders(over(deadline, KFB, step), DIEBURG, WITH_NEIGHBOURS)
    }
    assert met == SAYS.keys()


@pytest.mark.parametrize("status", COURSES)
def test_owner_is_waited_for_while_it_must_act(status: str) -> None:
    """A clock runs exactly as long as the owner's step is awaited; on hold it stands still."""
    referral = standing_at(status)
    waits = waits_of(referral)
    assert {wait.of for wait in waits} <= {OWNER}
    runs = any(not wait.on_hold for wait in waits)
    assert runs is (awaits(referral) is Side.OWNER)
    assert bool(waits) is (status in OPEN)


@pytest.mark.parametrize("status", UNDER_WAY)
def test_cancellation_asked_for_is_awaited_too(status: str) -> None:
    """Also on hold the owner owes an answer to it."""
    referral = after(standing_at(status), (SENDER, "cancellation-requested"))
    outcome, cancellation = waits_of(referral)
    assert outcome == Wait(AwaitedStep.OUTCOME, OWNER, status == "on-hold")
    assert cancellation == Wait(AwaitedStep.CANCELLATION, OWNER)


def test_forwarded_waits_for_the_next_owner() -> None:
    """The answer is the new owner's."""
    (wait,) = waits_of(after(standing_at("in-progress"), (OWNER, "forwarded")))
    assert wait == Wait(AwaitedStep.ANSWER, DIEBURG)


@pytest.mark.parametrize("status", FINAL)
def test_nothing_is_awaited_after_the_end(status: str) -> None:
    """Whatever ended it."""
    assert waits_of(standing_at(status)) == ()


class Case:
    """A referral with its clocks, as a processor keeps both."""

    def __init__(self) -> None:
        """Asked, and its clock running."""
        self.now = NOW
        self.referral: Referral = asked()
        self.state: dict[bytes, bytes] = {}
        self.said: list[tuple[str, str, str]] = []
        self._follow()

    def _follow(self) -> None:
        self._keep(follow(self.state, HERE, waits_of(self.referral), self.now, DISTRICT))

    def _keep(self, changes: dict[bytes, bytes | None]) -> None:
        for key, value in changes.items():
            if value is None:
                self.state.pop(key, None)
            else:
                self.state[key] = value

    def passes(self, gap: timedelta) -> None:
        """Time goes by, and what is due is said."""
        self.now += gap
        while (due := first_due(self.state, HERE, self.now)) is not None:
            rung = ring(due.key, self.state, DISTRICT)
            assert rung is not None
            for said in reminders(rung, self.referral.sender, DISTRICT):
                self.said.append((rung.name, said.to, said.rule))
            self._keep(rung.changes)
            if rung.deadline is Deadline.EXPIRY:
                self.referral = expire(self.referral, due.now)

    def takes(self, party: str, status: str) -> None:
        """A step, or its refusal; the Kreisagentur forwards to Dieburg, and Dieburg back."""
        changes = {"new_owner": KFB} if (party, status) == (DIEBURG, "forwarded") else {}
        said = saying(status, **changes)
        try:
            self.referral = step(self.referral, said, party, self.now)
        except Refusal:
            assert status not in allowed(self.referral, party)
            return
        self._follow()


SAYINGS: Final = st.sampled_from(
    [
        (party, status)
        for party in (SENDER, OWNER, DIEBURG)
        for status in (
            *("accepted", "in-progress", "on-hold", "forwarded", "completed"),
            *("cancellation-requested", "cancellation-declined", "appointment-made"),
        )
    ]
)


@PATIENT
@given(st.lists(st.tuples(st.timedeltas(timedelta(), timedelta(days=40)), SAYINGS), max_size=12))
def test_any_course_says_each_time_once(course: list[tuple[timedelta, tuple[str, str]]]) -> None:
    """Whatever is said when: no reminder twice to one party, and a clock iff somebody must act."""
    case = Case()
    for gap, (party, status) in course:
        case.passes(gap)
        case.takes(party, status)
        clocks = load(case.state, HERE)
        assert bool(clocks) is not is_final(case.referral)
        assert [(clock.step, clock.of) for clock in clocks] == [
            (wait.step, wait.of) for wait in waits_of(case.referral)
        ]
        standing = [clock.timer.encode() for clock in clocks if clock.timer]
        assert sorted(key for key in case.state if key.startswith(b"timer/")) == sorted(standing)
    case.passes(timedelta(days=1000))
    assert len(set(case.said)) == len(case.said)
    assert {clock.timer for clock in load(case.state, HERE)} <= {None}


def test_nobody_answers_and_it_expires() -> None:
    """Reminder, notices, escalation, the end; then nothing is left of clocks and timers."""
    case = Case()
    case.passes(timedelta(days=60))
    assert case.referral.status == "expired"
    assert [(to, rule) for _, to, rule in case.said] == [
        (OWNER, "reminder-to-owner"),
        (OWNER, "overdue-to-owner"),
        (SENDER, "overdue-to-sender"),
        (KFB, "late-again-to-lead"),
        (OWNER, "expiry-to-owner"),
        (SENDER, "expiry-to-sender"),
    ]
    state: State = case.state
    assert load(state, HERE) == ()
    assert case.state == {}
