"""What the board works out before it writes anything."""

import shlex
from datetime import UTC, datetime, timedelta

import pytest

from hub.board.chart import COLUMNS, HEIGHT, chart, timeline
from hub.board.choice import mark
from hub.board.dead_page import chosen_by
from hub.board.dying import Died, Holding, emptied
from hub.board.wording import wording_of
from hub.language import Language
from hub.letters.shelf import Cause
from hub.monitor.expiring import Expiry, Left, left
from hub.monitor.history import SLOT, Slot, slot_of
from tests.support.board import letters
from tests.support.looks import AT

NONE = timedelta(0)


def slot(ago: int, waiting: int) -> Slot:
    """Five minutes, so many slots ago."""
    return Slot(slot_of(AT) - ago * SLOT, waiting, 0, NONE, 0, 0)


def cause(*codes: str, event_type: str = "referral.requested", sender: str = "kfb") -> Cause:
    """A cause."""
    return Cause(codes, event_type, sender, 1, 0, 0, AT, AT)


def test_the_highest_column_fills_the_picture() -> None:
    """The others in proportion; what is little is still seen, and 0 is not."""
    slots = timeline((slot(3, 1000), slot(2, 500), slot(1, 1), slot(0, 0)), AT)
    found = chart(slots, lambda one: one.before_hub)

    assert [one.height for one in found.columns[-4:]] == [HEIGHT, HEIGHT // 2, 3, 0]
    assert all(one.is_seen for one in found.columns[-4:])
    assert (found.highest, found.newest) == (1000, 0)


def test_what_was_not_seen_is_no_zero() -> None:
    """Before the monitor ran and while Kafka was away there is neither number nor column."""
    found = chart(timeline((slot(2, 5), slot(1, 5)), AT), lambda one: one.before_hub)

    assert len(found.columns) == COLUMNS
    assert [one.is_seen for one in found.columns[-4:]] == [False, True, True, False]
    assert found.newest is None
    assert chart(timeline((), AT), lambda one: one.before_hub).highest == 0


@pytest.mark.parametrize(
    ("days", "how"),
    [(-1, Left.OVER), (0, Left.OVER), (7, Left.NOW), (30, Left.SOON), (31, Left.LONG)],
)
def test_how_near_an_end_is(days: int, how: Left) -> None:
    """Over, within a week, within a month, or far."""
    assert left(Expiry("x", "x.pem", AT + timedelta(days=days)), AT) is how
    assert left(Expiry("x", "x.pem", None), AT) is Left.UNKNOWN


def test_what_is_copied_into_a_shell_does_what_it_says() -> None:
    """Whatever stands in a header of a letter, the command has it as one word."""
    odd = cause("x; rm -rf ~", "$(id)", event_type="a'b", sender="")

    assert shlex.split(chosen_by(odd)) == [
        "--code", "x; rm -rf ~", "--code", "$(id)", "--type", "a'b",
    ]  # fmt: skip
    assert chosen_by(cause("", event_type="", sender="")) == ""


def test_causes_have_addresses_of_their_own() -> None:
    """Two causes never share one."""
    marks = {mark(cause("a")), mark(cause("a", "b")), mark(cause("a", sender="")), mark(cause("b"))}

    assert len(marks) == 4


def test_an_emptied_letter_keeps_its_place_and_nothing_it_said() -> None:
    """Neither key nor value nor headers are held; its case is, as the desk names it."""
    for name, full in letters().items():
        empty = emptied(full)
        assert (empty.id, empty.case, empty.sender, empty.codes) == (
            name, full.case, full.sender, full.codes,
        )  # fmt: skip
        assert not any(empty.record)


def test_only_the_open_letters_of_a_cause_are_shown() -> None:
    """The newest first."""
    holding = Holding()
    holding.take(letters().values())
    found = holding.died(AT)
    late = next(one for one in found.causes if one.codes == ("too-late",))

    assert [one.letter.offset for one in found.of(late)] == [2, 1, 0]
    assert Died(AT).causes == []


def test_of_a_flood_the_newest_are_held() -> None:
    """A sender that goes mad at night does not fill the monitor's memory, and that is said."""
    holding = Holding(most=3)
    holding.take(letters().values())
    found = holding.died(AT)

    assert [one.letter.offset for one in found.kept] == [1, 2, 3]
    assert not found.is_whole


def test_what_retention_has_deleted_is_let_go() -> None:
    """Letters below the first offset that is kept are no longer counted."""
    holding = Holding()
    holding.take(letters().values())
    holding.forget({("referrals.dead", 0): 2, ("referrals.dead", 1): 9})
    found = holding.died(AT)

    assert [one.letter.offset for one in found.kept] == [2, 3]
    assert found.is_whole


@pytest.mark.parametrize(
    ("seconds", "german", "english"),
    [
        (0, "0 s", "0 s"),
        (59, "59 s", "59 s"),
        (60, "1 min", "1 min"),
        (3_599, "59 min", "59 min"),
        (7_500, "2 h 05 min", "2 h 05 min"),
        (172_800, "2 Tage", "2 days"),
    ],
)
def test_a_span_fits_into_a_table(seconds: int, german: str, english: str) -> None:
    """In the unit that one would say it in."""
    taken = timedelta(seconds=seconds)

    assert wording_of(Language.GERMAN).span(taken) == german
    assert wording_of(Language.ENGLISH).span(taken) == english


def test_working_time_is_told_in_working_days() -> None:
    """From eight hours on."""
    say = wording_of(Language.GERMAN)

    assert say.worked(timedelta(hours=7, minutes=59)) == "7 h 59 min"
    assert say.worked(timedelta(hours=12)) == "1,5 Arbeitstage"


def test_a_time_of_another_day_says_the_day() -> None:
    """Yesterday's nine o'clock is not today's."""
    say, now = wording_of(Language.GERMAN), datetime(2026, 3, 2, 9, 0, 7, tzinfo=UTC)

    assert say.at(now, now) == "10:00"
    assert say.second(now, now) == "10:00:07"
    assert say.at(now - timedelta(days=1), now) == "So., 1. März 2026, 10:00 Uhr"
