"""The last hours: what waited at most, what came in, and where nobody looked."""

from datetime import datetime, timedelta

from hub.monitor.history import KEPT, SLOT, History, recorded, slot_of
from hub.monitor.look import Ends, Place
from hub.monitor.snapshot import Row, Snapshot
from hub.monitor.states import State
from hub.monitor.watch import Watch
from tests.support.looks import AT

WORKERS, PREFIX = "hub", "prod."
WATCH = Watch(joining={WORKERS}, prefix=PREFIX)
INPUT, OTHER = Place("prod.referrals", 0), Place("prod.ledger", 0)
MINUTE = timedelta(minutes=1)


def row(group: str, place: Place, lag: int, committed: int, waits_for: timedelta) -> Row:
    """A reader at a partition."""
    return Row(
        group=group, place=place, state=State.OK, since=AT, lag=lag, is_exact=True, first=committed,
        oldest_at=AT - waits_for, committed=committed, ends=None, lost=0, members=1,
        group_state="Stable", transaction=None,
    )  # fmt: skip


def seen(at: datetime, end: int = 0, committed: int = 0, *rows: Row) -> Snapshot:
    """A poll: so far the input topic goes, and so far the workers are."""
    topics = {INPUT: Ends(0, end, end), OTHER: Ends(0, 7 * end, 7 * end)}
    mine = row(WORKERS, INPUT, end - committed, committed, MINUTE)
    return Snapshot(at, 0.1, (mine, *rows), topics, (), ())


def kept(*snapshots: Snapshot) -> History:
    """The history after these polls."""
    history: History = ()
    for before, new in zip((None, *snapshots), snapshots, strict=False):
        history = recorded(history, before, new, WATCH)
    return history


def test_a_slot_has_the_most_that_waited() -> None:
    """Of the workers, and of each party for the slowest of its readers."""
    party, other = Place("prod.to.kfb", 0), Place("prod.to.06432005", 0)
    (slot,) = kept(
        seen(AT, 9, 4),
        seen(AT + MINUTE, 9, 9, row("a", party, 3, 0, 4 * MINUTE), row("b", party, 5, 0, MINUTE),
             row("a", other, 2, 0, MINUTE)),
    )  # fmt: skip

    assert (slot.before_hub, slot.before_parties) == (5, 7)
    assert slot.longest == 5 * MINUTE  # four at AT, looked at a minute later
    assert slot.begins_at == slot_of(AT)


def test_what_came_in_and_what_was_routed_add_up() -> None:
    """Only the input topics count, and what lay there when the monitor began does not."""
    history = kept(seen(AT, 100, 90), seen(AT + MINUTE, 104, 103), seen(AT + SLOT, 110, 110))

    assert [(slot.came_in, slot.moved) for slot in history] == [(4, 13), (6, 7)]


def test_a_topic_made_anew_has_not_shrunk() -> None:
    """Offsets that go back count for nothing."""
    (slot,) = kept(seen(AT, 100, 90), seen(AT + MINUTE, 2, 0))

    assert (slot.came_in, slot.moved) == (0, 0)


def test_a_poll_that_saw_nothing_leaves_a_gap() -> None:
    """While Kafka is away nothing is known, so nothing is written; what came meanwhile is later."""
    away = seen(AT + SLOT)._replace(blind_since=AT + SLOT)
    history = recorded(kept(seen(AT, 5, 5)), seen(AT, 5, 5), away, WATCH)
    back = recorded(history, seen(AT, 5, 5), seen(AT + 2 * SLOT, 9, 9), WATCH)

    assert [slot.begins_at for slot in back] == [slot_of(AT), slot_of(AT) + 2 * SLOT]
    assert back[-1].came_in == 4


def test_twelve_hours_are_kept() -> None:
    """The oldest five minutes go when new ones begin."""
    polls = [seen(AT + SLOT * nth, nth, nth) for nth in range(2 * (KEPT // SLOT))]

    assert len(kept(*polls)) == KEPT // SLOT
