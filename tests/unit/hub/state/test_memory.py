"""What a lane forgets, what it never forgets, and when its timers are due."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.decision import LAST_MS
from hub.state.memory import EVICTIONS_PER_BATCH, STALE_TIMERS, Draft, Keep, Memory, position_key
from tests.support.patience import PATIENT

KEEPS = (Keep(b"seen/", max_age_s=100, max_entries=3), Keep(b"case/", 1000, 10))
SOON, LATER = b"timer/0000000010/p/a/x", b"timer/0000000020/p/a/x"


def filled(*keys: bytes, at_s: int = 0) -> Memory:
    """A memory with these keys, all written at the same time."""
    memory = Memory(KEEPS)
    for key in keys:
        memory.apply(key, b"x", at_s)
    return memory


def test_what_is_past_its_age_is_forgotten() -> None:
    """Only the family whose time is over loses its entries."""
    memory = filled(b"seen/a", b"case/a")

    assert list(memory.to_forget(100)) == []
    assert list(memory.to_forget(101)) == [b"seen/a"]


def test_whatever_a_record_says_of_its_time_is_kept() -> None:
    """A replay takes the time from records: as far as a calendar goes, all of it has room."""
    last_s = LAST_MS // 1000
    memory = filled(b"seen/a", at_s=last_s)

    assert memory.get(b"seen/a") == b"x"
    assert list(memory.to_forget(last_s + 100)) == []
    assert list(memory.to_forget(last_s + 101)) == [b"seen/a"]


def test_beyond_the_number_kept_the_oldest_goes_first() -> None:
    """An entry written again is young again."""
    memory = filled(b"seen/a", b"seen/b", b"seen/c", b"seen/d")
    memory.apply(b"seen/a", b"again", 1)

    assert list(memory.to_forget(1)) == [b"seen/b"]


def test_each_family_has_a_limit_of_its_own() -> None:
    """What overflows in one family costs nothing in another."""
    memory = filled(*(b"seen/%d" % n for n in range(5)), *(b"case/%d" % n for n in range(10)))

    assert list(memory.to_forget(0)) == [b"seen/0", b"seen/1"]


@pytest.mark.parametrize("key", [b"protected/a", position_key("referrals"), SOON, b"no-family"])
def test_a_family_without_a_limit_is_never_forgotten(key: bytes) -> None:
    """Protected cases, positions and timers stay, however old."""
    assert list(filled(key).to_forget(10**9)) == []


def test_forgetting_is_spread_over_batches() -> None:
    """However much is due, a batch forgets a bounded number; the next ones the rest."""
    memory = filled(*(b"seen/%d" % n for n in range(EVICTIONS_PER_BATCH + 10)))
    first = list(memory.to_forget(0))
    for key in first:
        memory.apply(key, None, 0)

    assert len(first) == EVICTIONS_PER_BATCH
    assert len(list(memory.to_forget(0))) == 7


def test_a_backlog_does_not_outgrow_what_is_forgotten() -> None:
    """Where batches without end write much more than that, as much is forgotten as is written."""
    memory, written = filled(), 4 * EVICTIONS_PER_BATCH
    for batch in range(10):
        draft = Draft(memory)
        draft.changes.update({b"seen/%d-%d" % (batch, n): b"x" for n in range(written)})
        for key in memory.to_forget(batch, len(draft.changes)):
            draft.changes.setdefault(key, None)
        draft.commit(batch)

    assert len(memory) <= written + KEEPS[0].max_entries


def test_timers_that_are_taken_back_take_no_room() -> None:
    """However many are set and taken back before their time, few are kept in mind."""
    memory = filled(LATER)
    for number in range(10 * STALE_TIMERS):
        key = b"timer/00%08d/p/a/x" % (number + 100)
        memory.apply(key, b"x", 0)
        memory.apply(key, None, 0)

    assert len(memory._timers) <= STALE_TIMERS + 3
    assert memory.next_timer_s() == 20


def test_a_draft_is_seen_at_once_and_kept_only_when_committed() -> None:
    """A later event of the batch sees an earlier one's change; an abandoned batch leaves none."""
    memory = filled(b"case/a")
    draft = Draft(memory)
    draft.changes[b"case/a"] = b"new"
    draft.changes[b"seen/b"] = None

    assert draft.get(b"case/a") == b"new"
    assert memory.get(b"case/a") == b"x"

    draft.commit(5)

    assert memory.get(b"case/a") == b"new"
    assert len(memory) == 1


def test_timers_are_due_in_the_order_of_their_times() -> None:
    """The earliest first, in whatever order they were set."""
    memory = filled(LATER, b"timer/0000000015/p/a/y", SOON)

    assert memory.next_timer_s() == 10
    assert memory.due(9.9, 10) == []
    assert memory.due(10, 10) == [SOON]
    assert memory.due(99, 10) == [SOON, b"timer/0000000015/p/a/y", LATER]


def test_so_many_timers_at_once() -> None:
    """The earliest of those that are due; the others stand for the next batch."""
    memory = filled(*(b"timer/%010d/p/a/x" % second for second in range(7)))

    assert memory.due(99, 3) == [b"timer/%010d/p/a/x" % second for second in range(3)]


def test_what_is_due_stands_until_it_is_written() -> None:
    """A batch that comes to nothing leaves its timers as they were."""
    memory = filled(SOON, LATER)

    assert memory.due(99, 10) == memory.due(99, 10)
    assert memory.next_timer_s() == 10
    assert memory.get(SOON) == b"x"


def test_a_timer_that_was_taken_back_is_never_due() -> None:
    """Nothing of it is left, however it was ordered among the others."""
    memory = filled(SOON, LATER)
    memory.apply(SOON, None, 0)

    assert memory.next_timer_s() == 20
    assert memory.due(99, 10) == [LATER]

    memory.apply(LATER, None, 0)

    assert memory.next_timer_s() is None
    assert memory.due(99, 10) == []


def test_a_timer_that_was_set_again_is_due_once() -> None:
    """Set twice, or taken back and set again: it rings once, with what was said last."""
    memory = filled(SOON)
    memory.apply(SOON, b"again", 1)
    memory.apply(SOON, None, 2)
    memory.apply(SOON, b"at last", 3)

    assert memory.due(99, 10) == [SOON]
    assert memory.get(SOON) == b"at last"

    memory.apply(SOON, None, 4)

    assert memory.due(99, 10) == []


def test_a_draft_does_not_touch_the_timers() -> None:
    """A timer set by a batch counts once the batch is committed."""
    memory = filled(LATER)
    draft = Draft(memory)
    draft.changes[SOON] = b"x"

    assert memory.next_timer_s() == 20

    draft.commit(0)

    assert memory.next_timer_s() == 10


_SECONDS = st.integers(0, 12)
_STEPS = st.lists(
    st.tuples(st.sampled_from(["set", "unset", "due"]), _SECONDS, st.integers(1, 4)), max_size=40
)


@PATIENT
@given(steps=_STEPS)
def test_timers_are_what_a_sorted_list_says(steps: Sequence[tuple[str, int, int]]) -> None:
    """However timers are set, taken back and looked at, the next ones are those of a plain set."""
    memory = Memory(())
    standing: set[bytes] = set()
    for step, second, number in steps:
        key = b"timer/%010d/p/a/%d" % (second, number)
        if step == "set":
            memory.apply(key, b"x", 0)
            standing.add(key)
        elif step == "unset":
            memory.apply(key, None, 0)
            standing.discard(key)
        else:
            wanted = sorted(key for key in standing if int(key.split(b"/")[1]) <= second)
            assert memory.due(second, number) == wanted[:number]
        assert memory.next_timer_s() == min(
            (int(key.split(b"/")[1]) for key in standing), default=None
        )


def test_a_family_can_be_gone_through() -> None:
    """Its keys with their values, no other family's, whatever a batch has changed by now."""
    memory = filled(b"offer/a", b"offer/b", b"offer-copy/a", b"seen/a")
    assert list(memory.under(b"offer/")) == [(b"offer/a", b"x"), (b"offer/b", b"x")]
    draft = Draft(memory)
    draft.changes |= {b"offer/a": None, b"offer/b": b"y", b"offer/c": b"z", b"seen/b": b"z"}
    assert dict(draft.under(b"offer/")) == {b"offer/b": b"y", b"offer/c": b"z"}
    assert dict(draft.under(b"nothing/")) == {}
    draft.commit(1)
    assert dict(memory.under(b"offer/")) == dict(draft.under(b"offer/"))
