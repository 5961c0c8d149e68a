"""How far a probe has come is read from where things lie; where it stays is said."""

from datetime import timedelta

import pytest

from hub.monitor.look import Place
from hub.monitor.probed import Probed, Through, by_door, probed
from hub.monitor.probes import Course, Seen, Stage, Way, followed
from tests.support.looks import AT

HERE = Place("probes", 2)
THERE = Place("to.kfb", 0)
DESK, CALLS = "kurze-wege.web.kfb", "kurze-wege.webhook.kfb"
WAY = Way("http_api", "kfb", {DESK: THERE, CALLS: THERE})
SENT = Course("p-1", WAY, AT)
AT_HUB = {"p-1": (HERE, 7)}


def seen(after_s: float, **what: object) -> Seen:
    """A look so many seconds after the probe was sent."""
    return Seen(AT + timedelta(seconds=after_s), **what)  # type: ignore[arg-type]


def after(*looks: Seen, course: Course = SENT) -> Course:
    """The probe after these looks."""
    for one in looks:
        course = followed(course, one)
    return course


def told(course: Course) -> Probed:
    """What became of it."""
    return probed(course, "kurze-wege", "to.hub")


IN = seen(1, handed_in=AT_HUB)
MOVED = seen(2, moved={HERE: 8}, ends={THERE: 40}, kept={(DESK, THERE): 39, (CALLS, THERE): 12})
ANSWERED = seen(3, answers={"p-1": ""}, ends={THERE: 50}, kept={(DESK, THERE): 40})
KEPT = seen(4, ends={THERE: 60}, kept={(DESK, THERE): 40, (CALLS, THERE): 41})


def test_it_comes_through() -> None:
    """Each part of the way has its time; the whole way takes as long as the last of them."""
    course = after(IN, MOVED, ANSWERED, KEPT)
    assert course.is_over
    found = told(course)
    assert (found.stuck, found.at) == (None, "")
    took = {stage: span.total_seconds() for stage, span in found.took.items()}
    assert took == {Stage.DOOR: 1, Stage.LANE: 2, Stage.BACK: 3, Stage.INBOX: 4}
    assert found.total == timedelta(seconds=4)
    assert by_door([found, told(SENT)]) == (Through("http_api", AT, 1, 1, found.total),)


@pytest.mark.parametrize(
    ("looks", "stage", "at"),
    [
        ((), Stage.DOOR, "http_api"),
        ((seen(1, moved={HERE: 99}, ends={THERE: 40}),), Stage.DOOR, "http_api"),
        ((IN,), Stage.LANE, "kurze-wege"),
        ((IN, seen(2, moved={HERE: 7})), Stage.LANE, "kurze-wege"),
        ((IN, seen(2, moved={Place("probes", 1): 99})), Stage.LANE, "kurze-wege"),
        ((IN, MOVED), Stage.INBOX, f"{DESK}, {CALLS}"),
        ((IN, MOVED, ANSWERED), Stage.INBOX, CALLS),
        ((IN, MOVED, KEPT), Stage.BACK, "to.hub"),
    ],
)
def test_where_it_stays(looks: tuple[Seen, ...], stage: Stage, at: str) -> None:
    """The first part of the way that it has not behind it, and who is to be looked at."""
    course = after(*looks)
    assert not course.is_over
    assert (told(course).stuck, told(course).at, told(course).total) == (stage, at, None)


def test_an_inbox_is_reached_where_the_topic_ended_when_the_lane_had_moved_it() -> None:
    """What comes behind the probe need not be read for it, and what lay before it must be."""
    before = seen(
        1, handed_in=AT_HUB, ends={THERE: 39}, kept={(DESK, THERE): 39, (CALLS, THERE): 39}
    )
    short = seen(3, kept={(DESK, THERE): 39, (CALLS, THERE): 90}, ends={THERE: 90})
    assert Stage.INBOX not in after(before, MOVED, short).reached
    assert Stage.INBOX in after(before, MOVED, ANSWERED, KEPT).reached


def test_the_receipt_says_that_the_lane_has_moved_it() -> None:
    """Receipt and copy are one transaction, so that the offsets need not be waited for."""
    course = after(IN, ANSWERED)
    assert course.reached[Stage.LANE] == course.reached[Stage.BACK] == ANSWERED.at


def test_what_is_refused_stays_where_it_was_refused() -> None:
    """The lane's codes are told, and the door's word; nobody waits for the rest of the time."""
    by_lane = after(IN, seen(2, answers={"p-1": "recipient-unknown"}))
    by_door = SENT._replace(objection="HTTP 401 token-unknown")
    assert by_lane.is_over
    assert by_door.is_over
    assert (told(by_lane).stuck, told(by_lane).objection) == (Stage.LANE, "recipient-unknown")
    assert (told(by_door).stuck, told(by_door).objection) == (
        Stage.DOOR, "HTTP 401 token-unknown",
    )  # fmt: skip
    assert after(KEPT, course=by_door) == by_door


def test_clocks_that_disagree_give_no_negative_time() -> None:
    """A clock set back between two looks is no time travel."""
    course = after(seen(-5, handed_in=AT_HUB))
    assert told(course).took[Stage.DOOR] == timedelta(0)
