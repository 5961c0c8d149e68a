"""Whatever is said and however time goes by: clocks, timers and owners are as they must be."""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.domain import deadlines, referral_memory
from hub.domain.deadlines import FAMILY
from hub.domain.decision import TIMER
from hub.domain.referral import Referral, is_final
from hub.domain.reminders import waits_of
from hub.domain.timers import Place, Timer
from hub.domain.transitions import OPEN
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import TOPIC_OF
from schemas.vocabulary import Verdict
from tests.support import builders as say
from tests.support.answers import DARMSTADT, WITH_NEIGHBOURS, Decided, Hub
from tests.support.any_record import EVENTS, OPENINGS
from tests.support.builders import DARMSTADT_AGS, DIEBURG, EPPERTSHAUSEN, KFB, NOW
from tests.support.referral_courses import NEEDS, STEPS

YEARS = timedelta(days=2000)
SUBJECTS = ("case-1", "case-2")
PARTIES = st.sampled_from((EPPERTSHAUSEN, KFB, DIEBURG, DARMSTADT))
ON = st.sampled_from(SUBJECTS)
STEP = st.builds(
    lambda status, by, on: say.a_step(status, by=by, on=on, **NEEDS.get(status, {})),
    st.sampled_from(STEPS),
    PARTIES,
    ON,
)
ABROAD = st.builds(
    lambda by, on: say.a_move(by=by, on=on, new_ags=DARMSTADT_AGS, legalbasis="sgb10-69"),
    st.sampled_from((EPPERTSHAUSEN, KFB)),
    ON,
)
REQUEST = st.builds(lambda on: say.a_referral(on=on), ON)
SAID = st.one_of(REQUEST, STEP, STEP, STEP, ABROAD, EVENTS, OPENINGS)
PASSING = st.sampled_from([timedelta(minutes=1), timedelta(hours=30), timedelta(days=9)])
WATCHED = st.booleans()
"""Whether a lane rings in time, or the next event finds what is overdue."""
STORIES = st.lists(st.tuples(SAID, PASSING, WATCHED), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STORIES)
def test_clocks_timers_and_owners_agree(
    story: list[tuple[Event[Data], timedelta, bool]],
) -> None:
    """One timer for each clock that runs; an owner for what is open; nothing said twice."""
    hub, now = Hub(WITH_NEIGHBOURS), NOW
    said: Counter[tuple[str, str]] = Counter()
    decided: list[Decided] = []
    for event, passing, watched in story:
        now += passing
        if watched:
            decided += hub.rings(now)
        decided.append(hub.takes(_now(event, now), at=now, topic=TOPIC_OF[event.data.TYPE]))
        _check(hub, now)
    decided += hub.rings(now + YEARS)
    _check(hub, now + YEARS)
    for each in decided:
        said.update((to, e.context.id) for to, e in each.events)
        lines = each.ledgers
        assert [line.verdict for line in lines[:-1]] == [Verdict.TIMED] * (len(lines) - 1)
    assert not said or max(said.values()) == 1
    _check_nothing_waits_for_ever(hub)


def _now(event: Event[Data], now: datetime) -> Event[Data]:
    return Event(event.context.model_copy(update={"time": now}), event.data)


def _check(hub: Hub, now: datetime) -> None:
    standing = {key for key in hub.state if key.startswith(TIMER)}
    named: list[bytes] = []
    for key in [key for key in hub.state if key.startswith(FAMILY)]:
        place = Place(*key.removeprefix(FAMILY).decode().split("/", 1))
        for clock in deadlines.load(hub.state, place):
            assert (clock.timer is None) is (clock.hold_since is not None or not clock.coming)
            named += [clock.timer.encode()] if clock.timer else []
    assert sorted(named) == sorted(standing)
    for subject in SUBJECTS:
        _check_referral(hub, subject, now)


def _check_referral(hub: Hub, subject: str, now: datetime) -> None:
    key = referral_memory.key(subject)
    referral = referral_memory.load(hub.state, subject)
    clocks = deadlines.load(hub.state, Place("route_referral", subject))
    if referral is None:
        assert not clocks
        return
    assert (key in hub.state) is not is_final(referral)
    assert (referral_memory.ENDED + subject.encode() in hub.state) is is_final(referral)
    assert _owner_is_known(referral)
    assert [(clock.step, clock.of) for clock in clocks] == [
        (wait.step, wait.of) for wait in waits_of(referral)
    ]
    assert referral.since <= now


def _owner_is_known(referral: Referral) -> bool:
    return referral.owner in WITH_NEIGHBOURS.by_id and referral.owner != referral.sender


def _check_nothing_waits_for_ever(hub: Hub) -> None:
    """In the end no timer stands, and nothing is open that nobody ever answered."""
    assert not [Timer.parse(key) for key in hub.state if key.startswith(TIMER)]
    for subject in SUBJECTS:
        referral = referral_memory.load(hub.state, subject)
        assert referral is None or referral.status not in OPEN or referral.answered_at is not None
