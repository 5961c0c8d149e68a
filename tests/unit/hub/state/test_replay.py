"""A lane played again has the memory it had, and says where nobody can tell what it was."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.decision import TIMER, Received
from hub.state.key import family, subject
from hub.state.memory import Keep
from hub.state.replay import Doubt
from schemas.data import Data
from schemas.envelope import Event
from tests.support import builders as say
from tests.support.answers import DISTRICT, WITH_NEIGHBOURS
from tests.support.any_record import EVENTS, OPENINGS, stories
from tests.support.builders import DIEBURG, KFB, NOW, WEITERSTADT
from tests.support.noted_lane import NotedLane, sums
from tests.support.patience import FEW

WEEK: Final = timedelta(days=7)
PASSING: Final = st.sampled_from([timedelta(minutes=1), timedelta(hours=30), timedelta(days=9)])
FREE: Final = {"status": "capacity", "available": 3, "updated": NOW}
COURSES: Final = st.lists(
    st.tuples(st.one_of(EVENTS, OPENINGS), PASSING, st.booleans(), st.booleans()),
    min_size=1,
    max_size=20,
)
"""Events, how long after the one before, whether the lane rings what is due meanwhile, and whether
it hears at once what lanes tell each other."""
Course = Sequence[tuple[Event[Data], timedelta, bool, bool]]


@FEW
@given(stories(30))
def test_whatever_was_sent_is_played_again(story: Sequence[Received]) -> None:
    """Events, nonsense, repeats: the same memory, entry for entry, and no doubt."""
    lane = NotedLane()
    for lying in story:
        lane.moves([lying], lying.received_at)
        lane.hears(lying.received_at)

    assert lane.compared().changes == {}
    assert sums(lane.compared()) == {"equal": len(lane.memory)}


@FEW
@given(COURSES)
def test_times_that_were_over_are_over(course: Course) -> None:
    """Whether the lane rang or the next event did: a time that was said is not said again."""
    lane, now = NotedLane(), NOW
    for event, passing, watched, heard in course:
        now += passing
        if watched:
            lane.rings(now)
        lane.takes(event, at=now)
        if heard:
            lane.hears(now)

    assert lane.compared().changes == {}
    assert sums(lane.compared()) == {"equal": len(lane.memory)}


def test_a_time_nobody_has_said_yet_still_stands() -> None:
    """The reminder that is due while no worker runs is there for the next; no other is."""
    lane = NotedLane()
    lane.takes(say.a_referral())
    lane.rings(NOW + WEEK)
    standing = [key for key, _ in lane.memory.under(TIMER)]

    replay = lane.replayed()

    assert replay.timers > 0
    assert standing
    assert [key for key in replay.expected().entries if key.startswith(TIMER)] == standing


def test_what_began_before_the_source_does_is_left_alone() -> None:
    """A case whose first event is kept no more cannot be judged; one that is whole can."""
    lane = NotedLane()
    lane.takes(say.a_referral(on="case-old"))
    lane.takes(say.a_referral(on="case-new"))
    lane.takes(say.a_step("accepted", on="case-old"))
    state = lane.state()
    for key in [key for key in state if subject(key) == b"case-new"]:
        del state[key]
    lost = len(lane.state()) - len(state)

    found = lane.compared(state, kept_from=1)
    replay = lane.replayed(kept_from=1)

    assert replay.older == 1
    assert replay.expected().doubt(b"case/referrals/case-old") is Doubt.OLDER
    assert {subject(key) for key in found.changes} == {b"case-new"}
    assert sums(found)["missing"] == lost
    assert sums(found)["kept_older"] > 0
    assert "unexplained" not in sums(found)


def test_an_older_case_without_new_events_stays() -> None:
    """What only records of long ago explain is counted and kept."""
    lane = NotedLane()
    lane.takes(say.a_referral(on="case-old"))

    found = lane.compared(kept_from=1)

    assert found.changes == {}
    assert sums(found) == {"kept_older": len(lane.memory) - 1, "equal": 1}  # its position


def test_what_would_be_decided_otherwise_today_is_left_alone() -> None:
    """The registry has changed since: what was done counts, not what would be."""
    lane = NotedLane(parties=WITH_NEIGHBOURS)
    lane.takes(say.a_referral(on="case-1", to="caritas"))
    lane.takes(say.a_referral(on="case-2", to=KFB))

    found = lane.compared(parties=DISTRICT)

    assert found.changes == {}
    assert sums(found)["kept_unconfirmed"] > 0
    assert lane.replayed(parties=DISTRICT).expected().doubt(b"case/referrals/case-1") is (
        Doubt.UNCONFIRMED
    )
    assert lane.replayed(parties=DISTRICT).expected().doubt(b"case/referrals/case-2") is None


def test_a_record_without_a_line_makes_its_case_doubtful() -> None:
    """The ledger was cut: what such a record is about is left as it is."""
    lane = NotedLane()
    lane.takes(say.a_referral(on="case-1"), say.a_referral(on="case-2"))
    without = lane.steps.pop(0)
    assert without.received is not None
    replay = lane.replayed()
    replay.skipped(without.received)

    assert replay.untold == 1
    assert replay.expected().doubt(b"case/referrals/case-1") is Doubt.UNCONFIRMED
    assert replay.expected().doubt(b"case/referrals/case-2") is None
    assert b"case/referrals/case-1" not in replay.expected().entries


def test_what_was_said_aside_doubts_nothing() -> None:
    """A suggestion has a line of its own: it is about a case, and no time of the case is over."""
    asked = {"service": "debt_counselling", "first_received_by": KFB, "by": KFB}
    grounds = {"purpose": "municipal-services", "legalbasis": "sgb2-16a"}
    lane = NotedLane()
    lane.takes(say.a_referral(**asked, **grounds))
    lane.takes(say.an_offer(service="debt_counselling", capacity=FREE, by=DIEBURG))
    lane.hears()

    assert lane.asides == 1
    assert b"offer-copy/offer-1" in lane.state()
    assert sums(lane.compared()) == {"equal": len(lane.memory)}


def test_a_line_of_another_lane_means_nothing_here() -> None:
    """Times are over in other lanes as well; their subjects are not known here."""
    lane, other = NotedLane(), NotedLane()
    lane.takes(say.a_referral(on="case-1"))
    other.takes(say.a_referral(on="case-2"))
    other.rings(NOW + WEEK)
    lane.steps += [step for step in other.steps if step.line.offset < 0]

    assert lane.replayed().timers == 0
    assert sums(lane.compared()) == {"equal": len(lane.memory)}


def test_what_is_forgotten_by_rule_is_not_missing() -> None:
    """The lane forgets by batches, the replay by records: both keep the newest."""
    lane = NotedLane(keeps=(Keep(b"seen/", 10**9, 40), Keep(b"case/", 10**9, 30)), batch_events=10)
    for batch in range(10):
        lane.takes(*(say.a_referral(on=f"case-{batch * 10 + nth}") for nth in range(10)))

    found = lane.compared()

    assert len(list(lane.memory.under(b"seen/"))) == 50
    assert found.changes == {}
    assert sums(found) == {"equal": len(lane.memory)}


def test_what_a_batch_wrote_twice_may_be_forgotten_sooner() -> None:
    """Within a batch the first write counts for the lane's order, and the last for the replay."""
    lane = NotedLane(keeps=(Keep(b"case/", 10**9, 13),), batch_events=6)
    for batch in range(4):
        moves = [say.a_move(on=f"case-{batch}-{nth}", case_open_at=None) for nth in range(5)]
        again = say.a_move(on=f"case-{batch}-0", new_ags=WEITERSTADT, case_open_at=None)
        lane.takes(*moves, again)
    for nth in range(5):
        lane.takes(say.a_move(on=f"case-x-{nth}"))
    twice = b"case/address-changes/case-2-0"

    assert lane.memory.get(twice) is None
    assert lane.replayed().memory.get(twice) is not None
    assert lane.compared().changes == {}


@FEW
@given(stories(20))
def test_every_key_names_its_subject(story: Sequence[Received]) -> None:
    """Entries that cannot be judged are found by their subject: each key ends with it."""
    lane = NotedLane()
    for lying in story:
        lane.moves([lying], lying.received_at)
    about = {step.line.subject.encode() for step in lane.steps}

    for key, _ in lane.memory.everything():
        if family(key) not in ("seen/", "position/"):
            assert subject(key) in about
        else:
            assert subject(key) == b""
