"""What is damaged in a state is found, exactly that, and mended by what is said."""

from collections.abc import Mapping
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.decision import StateChanges
from hub.state.comparison import COLUMNS, Comparison, Counts, Entry, compare
from hub.state.memory import Memory, position_key
from hub.state.replay import Doubt, Expected
from tests.support import builders as say
from tests.support.builders import DIEBURG, NOW
from tests.support.noted_lane import AMPLE, WRITTEN_MS, NotedLane, sums
from tests.support.patience import FEW

JUNK: Final = (
    b"case/referrals/case-9",
    b"timer/9999999999/nobody/x/case-9",
    b"no-family",
    b"seen/x",
)


def mended(state: Mapping[bytes, Entry], changes: StateChanges) -> dict[bytes, Entry]:
    """The state after these changes were written."""
    memory = Memory(AMPLE)
    for key, entry in state.items():
        memory.apply(key, entry.value, 0)
    for key, value in changes.items():
        memory.apply(key, value, 0)
    return {key: Entry(value, WRITTEN_MS) for key, value in memory.everything()}


def a_lane() -> NotedLane:
    """Cases of every kind, some over, some under a block, some waiting, some times over."""
    lane = NotedLane()
    for on in ("case-1", "case-2", "case-3"):
        lane.takes(say.a_referral(on=on), say.a_move(on=on, new_ags=say.DARMSTADT_AGS))
    lane.takes(say.a_block(on="case-1"), say.a_step("accepted", on="case-1"))
    lane.takes(say.a_step("rejected", on="case-2", reason="at_capacity"))
    lane.takes(say.an_offer(), say.a_step("accepted", by=DIEBURG, on="case-3"))
    lane.hears()
    lane.rings(NOW.replace(month=4))
    return lane


LANE: Final = a_lane()
WHOLE: Final = LANE.state()


@FEW
@given(
    lost=st.sets(st.sampled_from(sorted(WHOLE)), max_size=5),
    spoiled=st.sets(st.sampled_from(sorted(WHOLE)), max_size=5),
    added=st.sets(st.sampled_from(JUNK)),
)
def test_damage_is_found_and_mended(
    lost: set[bytes], spoiled: set[bytes], added: set[bytes]
) -> None:
    """As many missing, different and unexplained as were lost, spoiled and added; then none."""
    spoiled -= lost
    state = {key: entry for key, entry in WHOLE.items() if key not in lost}
    state |= dict.fromkeys(spoiled | added, Entry(b"what", WRITTEN_MS))

    found = LANE.compared(state)
    expected = {
        "equal": len(WHOLE) - len(lost) - len(spoiled),
        "missing": len(lost),
        "different": len(spoiled),
        "unexplained": len(added),
    }

    assert sums(found) == {name: number for name, number in expected.items() if number}
    assert found.changes.keys() == lost | spoiled | added
    assert sums(LANE.compared(mended(state, found.changes))) == {"equal": len(WHOLE)}


def test_the_sample_has_every_family() -> None:
    """Nothing that a lane remembers is left out of what is damaged above."""
    families = {key[: key.index(b"/") + 1] for key in WHOLE}

    assert families >= {b"seen/", b"case/", b"protected/", b"referral/", b"ended/", b"clock/"}
    assert families >= {b"timer/", b"position/", b"offer/", b"offer-copy/"}


@pytest.mark.parametrize("doubt", Doubt)
def test_what_cannot_be_judged_is_counted_and_left(doubt: Doubt) -> None:
    """Equal or not, more or less: nothing is written, and what differs stands in its column."""
    entries = {b"case/t/same": b"1", b"case/t/other": b"1", b"case/t/gone": b"1"}
    doubts = dict.fromkeys((b"same", b"other", b"gone", b"more"), doubt)
    found = {b"case/t/same": b"1", b"case/t/other": b"2", b"case/t/more": b"1"}

    compared = _compared(entries, found, doubts=doubts)

    counts = compared.families["case/"]
    assert compared.changes == {}
    assert (counts.equal, getattr(counts, f"kept_{doubt}"), counts.wrong) == (1, 2, 0)


def test_what_was_written_before_the_ledger_begins_is_older() -> None:
    """An entry that no line explains stays if it may be from before the first line."""
    compared = _compared({}, {b"case/t/a": b"1"}, told_from_ms=WRITTEN_MS + 1)

    assert compared.changes == {}
    assert compared.families == {"case/": Counts(kept_older=1)}


def test_without_a_ledger_nothing_is_deleted() -> None:
    """Where the ledger is empty, everything is from before it."""
    compared = _compared({}, {b"case/t/a": b"1", b"junk": b"1"}, told_from_ms=float("inf"))

    assert compared.changes == {}
    assert compared.families == {"case/": Counts(kept_older=1), "": Counts(kept_older=1)}


def test_a_value_from_before_that_the_source_tells_otherwise_is_different() -> None:
    """Only what the source says nothing of is older."""
    compared = _compared({b"case/t/a": b"1"}, {b"case/t/a": b"2"}, told_from_ms=WRITTEN_MS + 1)

    assert compared.changes == {b"case/t/a": b"1"}


def test_what_may_be_forgotten_is_not_missing_and_must_be_right() -> None:
    """Gone or there, it counts only as what it says."""
    entries, may_be_gone = {b"case/t/a": b"1"}, frozenset({b"case/t/a"})

    assert _compared(entries, {}, may_be_gone=may_be_gone).families == {}
    assert _compared(entries, {b"case/t/a": b"2"}, may_be_gone=may_be_gone).changes


def test_columns_are_the_counts() -> None:
    """What is printed are the counts, in their order."""
    assert COLUMNS[:4] == ("equal", "missing", "different", "unexplained")
    assert COLUMNS[4:] == tuple(f"kept_{doubt}" for doubt in Doubt)
    assert Counts(1, 2, 3, 4, 5, 6).wrong == 9


def test_positions_are_judged_like_all_else() -> None:
    """A lane that would go on at the wrong place is found out."""
    key = position_key("referrals")
    state = WHOLE | {key: Entry(b"0", WRITTEN_MS)}

    assert LANE.compared(state).changes == {key: WHOLE[key].value}


def _compared(
    entries: Mapping[bytes, bytes],
    found: Mapping[bytes, bytes],
    *,
    may_be_gone: frozenset[bytes] = frozenset(),
    doubts: Mapping[bytes, Doubt] | None = None,
    told_from_ms: float = 0,
) -> Comparison:
    state = {key: Entry(value, WRITTEN_MS) for key, value in found.items()}
    return compare(Expected(entries, may_be_gone, doubts or {}), state, told_from_ms)
