"""Deadlines as a lane keeps them: when they end, what a hold does, and that each ends once."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import deadlines
from hub.domain.clocks import COURSE, Clock, Deadline, due_at, going_on, stopped
from hub.domain.deadlines import Rung, Wait, first_due, follow, ring, timers_for
from hub.domain.decision import TIMER, StateChanges
from hub.domain.parties import Parties
from hub.domain.timers import Place, Timer
from schemas.vocabulary import AwaitedStep
from tests.support.answers import DISTRICT
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB
from tests.support.patience import PATIENT

BERLIN: Final = ZoneInfo("Europe/Berlin")
HERE: Final = Place("route_referral", "case-1")
OTHERS: Final[dict[str, dict[str, Any]]] = {
    DIEBURG: {"working_hours": ("Mo-Th 07:30-12:00,13:00-17:30",), "answer_within_working_days": 3},
    KFB: {"finish_within_working_days": 5},
}
PARTIES: Final = Parties(
    district=DISTRICT.district,
    party=tuple(p.model_copy(update=OTHERS.get(p.id, {})) for p in DISTRICT.party),
)
"""The district, where Dieburg has other hours and the Kreisagentur five days to finish."""
ANSWER, OUTCOME = AwaitedStep.ANSWER, AwaitedStep.OUTCOME
SECOND: Final = timedelta(seconds=1)


def local(text: str) -> datetime:
    """A moment on the office's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@dataclass
class Desk:
    """What a lane does with timers, without the lane: keeps them and lets them ring."""

    place: Place = HERE
    state: dict[bytes, bytes] = field(default_factory=dict)
    rung: list[Rung] = field(default_factory=list)

    def keep(self, changes: StateChanges) -> StateChanges:
        """Write what was decided."""
        for key, value in changes.items():
            if value is None:
                self.state.pop(key, None)
            else:
                self.state[key] = value
        return changes

    def wait(self, at: datetime, *waits: Wait) -> StateChanges:
        """Now this is awaited, and no more."""
        return self.keep(follow(self.state, self.place, waits, at, PARTIES))

    @property
    def timers(self) -> list[Timer]:
        """The timers that stand, the earliest first."""
        return [Timer.parse(key) for key in sorted(self.state) if key.startswith(TIMER)]

    def until(self, now: datetime) -> list[str]:
        """Let ring what is due by the lane's clock; the times that are over, in order."""
        before = len(self.rung)
        while self.timers and self.timers[0].due <= now:
            key = self.timers[0].key()
            found = ring(key, self.state, PARTIES)
            self.state.pop(key)
            if found is not None:
                self.keep(found.changes)
                self.rung.append(found)
        return [f"{each.clock.step}-{each.deadline}" for each in self.rung[before:]]


ENDS: Final = {
    "from a Friday, over Easter": (
        "2026-03-06T10:00",
        ["2026-03-11T09:00", "2026-03-13T16:00", "2026-03-20T16:00", "2026-04-07T16:00"],
    ),
    "over Christmas and the new year": (
        "2026-12-21T10:00",
        ["2026-12-28T09:00", "2026-12-30T16:00", "2027-01-08T16:00", "2027-01-22T16:00"],
    ),
    "over 1 May, Himmelfahrt, Pfingsten 2027": (
        "2027-04-29T15:00",
        ["2027-05-04T11:30", "2027-05-07T16:00", "2027-05-14T16:00", "2027-06-01T16:00"],
    ),
    "from Karfreitag": (
        "2026-04-03T10:00",
        ["2026-04-09T12:00", "2026-04-13T16:00", "2026-04-20T16:00", "2026-05-05T16:00"],
    ),
    "over clocks going back": (
        "2026-10-23T12:00",
        ["2026-10-28T10:00", "2026-10-30T16:00", "2026-11-06T16:00", "2026-11-20T16:00"],
    ),
}
"""When Eppertshausen is asked; half of five days, five, ten and twenty, counted by hand."""


@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS)
def test_times_end_when_counted_by_hand(ends: tuple[str, list[str]]) -> None:
    """Reminder after half of the working time, then five, ten and twenty working days."""
    since, expected = ends
    desk = Desk()
    desk.wait(local(since), Wait(ANSWER, EPPERTSHAUSEN))
    clock = deadlines.load(desk.state, HERE)[0]
    coming = timers_for(clock, HERE, PARTIES)
    assert [timer.due for timer in coming] == [local(text) for text in expected]
    names = ["answer-reminder", "answer-overdue", "answer-escalation", "answer-expiry"]
    assert [timer.name for timer in coming] == names
    for name, text in zip(names, expected, strict=True):
        assert desk.until(local(text) - SECOND) == []
        assert desk.until(local(text)) == [name]
    assert desk.state == {}


def test_owners_hours_and_times_count() -> None:
    """Dieburg answers within three of its days, works until 17:30 and not on Fridays."""
    desk = Desk()
    desk.wait(local("2026-03-10T17:00"), Wait(ANSWER, DIEBURG))
    desk.until(local("2026-03-12T17:30"))
    (timer,) = desk.timers
    assert (timer.name, timer.due) == ("answer-overdue", local("2026-03-16T17:30"))


def test_only_the_next_timer_stands() -> None:
    """One key in the state for each clock, and one for the clocks of the place."""
    desk = Desk()
    desk.wait(local("2026-03-06T10:00"), Wait(ANSWER, EPPERTSHAUSEN))
    assert [timer.name for timer in desk.timers] == ["answer-reminder"]
    assert len(desk.state) == 2
    desk.until(local("2026-03-11T09:00"))
    assert [timer.name for timer in desk.timers] == ["answer-overdue"]
    assert len(desk.state) == 2


def test_answer_leaves_nothing() -> None:
    """Once nothing is awaited, neither timer nor clock is left; a ring too late means nothing."""
    desk = Desk()
    desk.wait(local("2026-03-06T10:00"), Wait(ANSWER, EPPERTSHAUSEN))
    key = desk.timers[0].key()
    desk.wait(local("2026-03-09T10:00"))
    assert desk.state == {}
    assert ring(key, desk.state, PARTIES) is None


def test_what_changes_nothing_writes_nothing() -> None:
    """An appointment made, a status said again: clock and timer stand as they did."""
    desk = Desk()
    waits = (Wait(OUTCOME, KFB), Wait(AwaitedStep.CANCELLATION, KFB))
    assert desk.wait(local("2026-03-06T10:00"), *waits)
    assert desk.wait(local("2026-03-09T10:00"), *waits) == {}
    assert desk.wait(local("2026-03-09T10:00"), _on_hold(waits[0]), waits[1])
    assert desk.wait(local("2026-03-10T10:00"), _on_hold(waits[0]), waits[1]) == {}


def _on_hold(wait: Wait) -> Wait:
    """The same, on hold."""
    return wait._replace(on_hold=True)


def test_new_owner_has_a_time_of_its_own() -> None:
    """Forwarded: the former owner's timer is gone and the new one's begins, even under one key."""
    desk = Desk()
    desk.wait(local("2026-03-06T10:00"), Wait(ANSWER, EPPERTSHAUSEN))
    desk.until(local("2026-03-13T16:00"))
    desk.wait(local("2026-03-16T10:00"), Wait(ANSWER, KFB))
    assert [(timer.name, timer.due) for timer in desk.timers] == [
        ("answer-reminder", local("2026-03-19T09:00"))
    ]
    (clock,) = deadlines.load(desk.state, HERE)
    assert (clock.of, clock.passed) == (KFB, 0)
    (before,) = desk.timers
    desk.wait(local("2026-03-16T10:00"), Wait(ANSWER, "06432023"))
    (timer,) = desk.timers
    assert timer == before
    assert desk.state[timer.key()] == b'{"of":"06432023"}'


HOLDS: Final = {
    "two days": ("2026-03-03T12:00", "2026-03-05T12:00", "2026-03-11T16:00"),
    "over a weekend": ("2026-03-06T16:00", "2026-03-09T08:00", "2026-03-09T16:00"),
    "an hour": ("2026-03-04T09:00", "2026-03-04T10:00", "2026-03-10T09:00"),
    "a night": ("2026-03-04T18:00", "2026-03-05T07:00", "2026-03-09T16:00"),
    "from a Saturday, over Easter": ("2026-03-07T12:00", "2026-04-07T12:00", "2026-04-08T12:00"),
}
"""Accepted on Monday, 2 March at ten, five days to finish: 9 March at 16:00 without a hold."""


@pytest.mark.parametrize("hold", HOLDS.values(), ids=HOLDS)
def test_hold_moves_the_end_by_what_it_lasted(hold: tuple[str, str, str]) -> None:
    """The clock stops on hold and goes on with the working time that was left."""
    begins, ends, due = hold
    desk = Desk()
    desk.wait(local("2026-03-02T10:00"), Wait(OUTCOME, KFB))
    desk.until(local(begins))
    said = len(desk.rung)
    desk.wait(local(begins), Wait(OUTCOME, KFB, on_hold=True))
    assert desk.timers == []
    desk.wait(local(ends), Wait(OUTCOME, KFB))
    assert desk.until(local(due) - SECOND) == ["outcome-reminder"][said:]
    assert desk.until(local(due)) == ["outcome-overdue"]
    assert desk.rung[-1].due_at == local(due)


def test_cancellation_asked_for_has_a_clock_beside_the_other() -> None:
    """Who asks to cancel waits for an answer while the outcome's clock goes on, or stands still."""
    desk = Desk()
    desk.wait(local("2026-03-02T10:00"), Wait(OUTCOME, KFB))
    asked = Wait(AwaitedStep.CANCELLATION, KFB)
    desk.wait(local("2026-03-03T10:00"), Wait(OUTCOME, KFB), asked)
    both = ["outcome-reminder", "cancellation-reminder", "outcome-overdue", "cancellation-overdue"]
    assert desk.until(local("2026-03-10T16:00")) == both
    desk.wait(local("2026-03-11T10:00"), Wait(OUTCOME, KFB))
    assert [timer.name for timer in desk.timers] == ["outcome-escalation"]


def test_late_lane_says_each_once_and_in_order() -> None:
    """A worker that was down for a year rings four timers, not one and not eight."""
    desk = Desk()
    desk.wait(local("2026-03-06T10:00"), Wait(ANSWER, EPPERTSHAUSEN))
    each = ["answer-reminder", "answer-overdue", "answer-escalation", "answer-expiry"]
    assert desk.until(local("2027-03-06T10:00")) == each
    assert desk.until(local("2028-03-06T10:00")) == []
    assert len({rung.name for rung in desk.rung}) == 4


def test_clock_that_jumped_repeats_nothing_and_moves_nothing() -> None:
    """Forward to the twelfth and back to the ninth: the reminder came early, the rest in time."""
    desk = Desk()
    desk.wait(local("2026-03-06T10:00"), Wait(ANSWER, EPPERTSHAUSEN))
    assert desk.until(local("2026-03-12T00:00")) == ["answer-reminder"]
    assert desk.until(local("2026-03-09T12:00")) == []
    assert desk.until(local("2026-03-13T15:59")) == []
    assert desk.until(local("2026-03-13T16:00")) == ["answer-overdue"]


def test_key_rung_twice_means_something_once() -> None:
    """A transaction done again finds the clock as it left it: the second ring is nothing."""
    desk = Desk()
    desk.wait(local("2026-03-06T10:00"), Wait(ANSWER, EPPERTSHAUSEN))
    key = desk.timers[0].key()
    found = ring(key, desk.state, PARTIES)
    assert found is not None
    assert ring(key, desk.state, PARTIES) == found, "before it is written it is the same"
    desk.keep(found.changes)
    assert ring(key, desk.state, PARTIES) is None
    assert key not in desk.state


def test_what_is_overdue_is_found_before_the_next_event() -> None:
    """However late the lane is, the order of the log says whether an answer came in time."""
    desk = Desk()
    desk.wait(local("2026-03-06T10:00"), Wait(ANSWER, EPPERTSHAUSEN))
    assert first_due(desk.state, HERE, local("2026-03-11T08:59:59")) is None
    found = first_due(desk.state, HERE, local("2026-03-11T09:00"))
    assert found is not None
    assert found.processor == HERE.processor
    assert Timer.parse(found.key).due == found.now
    assert first_due(desk.state, Place("route_referral", "case-2"), found.now) is None


def test_party_declared_no_more_is_counted_by_the_jobcenters_times() -> None:
    """A referral does not hang in silence because its owner left the registry."""
    desk = Desk()
    desk.wait(local("2026-03-06T10:00"), Wait(OUTCOME, "gone"))
    assert desk.until(local("2026-03-13T16:00")) == ["outcome-reminder", "outcome-overdue"]


def test_places_do_not_meet() -> None:
    """Hand-over and referral of one case have clocks of their own."""
    state: dict[bytes, bytes] = {}
    referral, handover = Desk(state=state), Desk(Place("route_address_change", "case-1"), state)
    referral.wait(local("2026-03-06T10:00"), Wait(ANSWER, EPPERTSHAUSEN))
    handover.wait(local("2026-03-06T10:00"), Wait(AwaitedStep.CONTINUATION, KFB))
    handover.wait(local("2026-03-09T10:00"))
    assert [timer.name for timer in referral.timers] == ["answer-reminder"]


def test_handover_is_overdue_after_twenty_days() -> None:
    """From the day it opened; as long again, and the lead hears of it (SGB X §2(3))."""
    desk = Desk(Place("route_address_change", "case-1"))
    desk.wait(local("2026-03-06T10:00"), Wait(AwaitedStep.CONTINUATION, KFB))
    assert [timer.due for timer in desk.timers] == [local("2026-04-07T16:00")]
    assert desk.until(local("2026-05-06T15:59:59")) == ["continuation-overdue"]
    assert desk.until(local("2026-05-06T16:00")) == ["continuation-escalation"]


def test_mailbox_is_looked_after_for_three_days() -> None:
    """What lies there since Maundy Thursday is uncollected on the Thursday after Easter."""
    clock = Clock(AwaitedStep.COLLECTION, EPPERTSHAUSEN, local("2026-04-02T18:00"))
    agreed = deadlines.agreed_by(EPPERTSHAUSEN, PARTIES)
    assert due_at(clock, Deadline.OVERDUE, agreed) == local("2026-04-09T16:00")


# --- laws -----------------------------------------------------------------------------------------

MOMENTS: Final = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
)
OWNERS: Final = st.sampled_from((EPPERTSHAUSEN, DIEBURG, KFB))
GAPS: Final = st.timedeltas(timedelta(minutes=1), timedelta(days=20))
STEPS: Final = st.sampled_from(tuple(AwaitedStep))


@PATIENT
@given(STEPS, OWNERS, MOMENTS, st.lists(st.tuples(GAPS, GAPS), max_size=4))
def test_hold_never_shortens(
    step: AwaitedStep, of: str, since: datetime, holds: list[tuple[timedelta, timedelta]]
) -> None:
    """Each hold leaves the end where it was or moves it on, and never takes working time away."""
    agreed = deadlines.agreed_by(of, PARTIES)
    clock, now = Clock(step, of, since), since
    ends = [due_at(clock, deadline, agreed) for deadline in COURSE[step]]
    for runs, stands in holds:
        held = clock.held
        clock = stopped(clock, now + runs)
        now += runs + stands
        clock = going_on(clock, now, agreed)
        worked = agreed.working_time.working_hours_between(now - stands, now)
        assert clock.held - held == worked
        later = [due_at(clock, deadline, agreed) for deadline in COURSE[step]]
        assert all(after >= before for before, after in zip(ends, later, strict=True))
        assert later == ends or worked
        ends = later


@PATIENT
@given(STEPS, OWNERS, MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)))
def test_times_follow_each_other(
    step: AwaitedStep, of: str, since: datetime, held: timedelta
) -> None:
    """Half before the whole, the whole before as much again, and that before the end."""
    agreed = deadlines.agreed_by(of, PARTIES)
    ends = [due_at(Clock(step, of, since, held), each, agreed) for each in COURSE[step]]
    assert ends == sorted(set(ends))
    assert ends[0] > since


@PATIENT
@given(MOMENTS, MOMENTS)
def test_stamps_out_of_order_take_nothing_away(one: datetime, other: datetime) -> None:
    """A broker whose clock went back between hold and resumption costs the owner nothing."""
    agreed = deadlines.agreed_by(KFB, PARTIES)
    clock = going_on(stopped(Clock(OUTCOME, KFB, one), one), other, agreed)
    assert clock.held >= timedelta()


@dataclass(frozen=True)
class Period:
    """What was awaited of one party from when to when, and when that was on hold."""

    of: str
    since: datetime
    until: datetime
    holds: tuple[tuple[datetime, datetime], ...]

    def passed(self) -> list[str]:
        """The times that must be over: counted by adding up what was worked, hold by hold."""
        agreed = deadlines.agreed_by(self.of, PARTIES)
        hours = agreed.working_time
        worked = hours.working_hours_between(self.since, self.until)
        for begins, ends in self.holds:
            worked -= hours.working_hours_between(begins, ends)
        within = {KFB: 5}.get(self.of, 60)
        budgets = [
            hours.working_hours_between(self.since, hours.add_working_days(self.since, days))
            for days in (within, 2 * within)
        ]
        return [
            name
            for name, budget in zip(
                ("outcome-reminder", "outcome-overdue", "outcome-escalation"),
                (budgets[0] / 2, *budgets),
                strict=True,
            )
            if worked >= budget
        ]


Plan = list[tuple[str, list[tuple[timedelta, timedelta]]]]
"""Who owns it in turn, and how long it then runs and stands still, by turns."""
PLANS: Final = st.lists(
    st.tuples(OWNERS, st.lists(st.tuples(GAPS, GAPS), min_size=1, max_size=3)),
    min_size=1,
    max_size=3,
)


@PATIENT
@given(MOMENTS, PLANS)
def test_each_time_ends_once_in_each_period(since: datetime, plan: Plan) -> None:
    """Owners change, holds come and go, the lane rings late, twice or after a restart."""
    desk = Desk()
    now, expected, previous = whole(since), list[str](), ""
    for of, spans in plan:
        if of == previous:
            continue
        previous, begins, holds = of, now, []
        desk.wait(now, Wait(OUTCOME, of))
        for runs, stands in spans:
            now = whole(now + runs)
            catch_up(desk, now)
            desk.wait(now, Wait(OUTCOME, of, on_hold=True))
            holds.append((now, whole(now + stands)))
            now = holds[-1][1]
            catch_up(desk, now)
            desk.wait(now, Wait(OUTCOME, of))
        expected += Period(of, begins, now, tuple(holds)).passed()
    desk.wait(now)
    assert [f"{each.clock.step}-{each.deadline}" for each in desk.rung] == expected
    assert len({each.name for each in desk.rung}) == len(expected)
    assert desk.state == {}


def whole(at: datetime) -> datetime:
    """The moment without a fraction of a second: timers ring on whole ones."""
    return at.replace(microsecond=0)


def catch_up(desk: Desk, now: datetime) -> None:
    """What a processor does before an event: the late lane's timers first, one by one."""
    while (late := first_due(desk.state, desk.place, now)) is not None:
        restarted = dict(desk.state)
        assert ring(late.key, restarted, PARTIES) == ring(late.key, desk.state, PARTIES)
        desk.until(Timer.parse(late.key).due)


@PATIENT
@given(
    st.builds(
        Clock,
        STEPS,
        OWNERS,
        MOMENTS,
        st.timedeltas(timedelta(), timedelta(days=400)),
        st.none() | MOMENTS,
        st.integers(0, 4),
        st.none() | st.text(),
    )
)
def test_clock_is_read_as_it_was_written(clock: Clock) -> None:
    """To the microsecond: what a restarted worker reads is what the last one knew."""
    state = {b"clock/route_referral/case-1": deadlines._FORM.dump_json((clock,))}
    assert deadlines.load(state, HERE) == (clock,)
    short = {
        b"clock/route_referral/case-1": deadlines._FORM.dump_json((clock,), exclude_defaults=True)
    }
    assert deadlines.load(short, HERE) == (clock,)


@PATIENT
@given(MOMENTS, st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}", fullmatch=True))
def test_timer_is_its_key(moment: datetime, subject: str) -> None:
    """Read back it is the same; it rings within the second after its moment, never before."""
    timer = Timer.at(moment, Place("route_referral", subject), "answer-overdue")
    assert Timer.parse(timer.key()) == timer
    assert timedelta() <= timer.due - moment < SECOND
    assert timer.key().split(b"/")[1].isdigit()
    assert len(timer.key().split(b"/")[1]) == 10


@given(MOMENTS, MOMENTS)
def test_keys_are_ordered_as_their_times(one: datetime, other: datetime) -> None:
    """The first key is the first to ring."""
    first, second = (Timer.at(moment, HERE, "answer-overdue") for moment in (one, other))
    assert (first.key() < second.key()) is (first.due < second.due)


@pytest.mark.parametrize("key", [b"case/1", b"timer/", b"timer/soon/p/n/s", b"timer/12/p/n"])
def test_what_is_no_timer_is_not_read_as_one(key: bytes) -> None:
    """A key of another family or form."""
    with pytest.raises(ValueError, match=r"."):
        Timer.parse(key)


def test_clock_keeps_its_time_when_the_agreement_changes() -> None:
    """The timer that stands rings as planned; the next is counted as agreed by then."""
    desk = Desk()
    desk.wait(local("2026-03-06T10:00"), Wait(ANSWER, EPPERTSHAUSEN))
    (timer,) = desk.timers
    longer = replace_times(PARTIES, answer_within_working_days=7)
    waits = (Wait(ANSWER, EPPERTSHAUSEN),)
    assert follow(desk.state, HERE, waits, local("2026-03-09T10:00"), longer) == {}
    found = ring(timer.key(), desk.state, longer)
    assert found is not None
    desk.keep(found.changes)
    assert [each.due for each in desk.timers] == [local("2026-03-17T16:00")]


def replace_times(parties: Parties, **times: int) -> Parties:
    """The same parties with other times."""
    changed = tuple(party.model_copy(update=times) for party in parties.party)
    return Parties(district=parties.district, party=changed)


def test_stopped_twice_is_stopped_once() -> None:
    """On hold is on hold, and running is running."""
    clock = Clock(OUTCOME, KFB, local("2026-03-02T10:00"))
    agreed = deadlines.agreed_by(KFB, PARTIES)
    once = stopped(clock, local("2026-03-03T10:00"))
    assert stopped(once, local("2026-03-04T10:00")) is once
    assert going_on(clock, local("2026-03-04T10:00"), agreed) is clock
    assert replace(once, hold_since=None) == clock
