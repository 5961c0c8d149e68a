"""Each state is found when it is so, and only then."""

from datetime import timedelta

from hub.monitor.look import GONE, MISSING, Ends, Group, Transaction
from hub.monitor.memory import Memory, dump, load
from hub.monitor.observing import observe
from hub.monitor.states import State
from hub.monitor.watch import Watch
from tests.support.looks import AT, GROUP, PLACE, POLL, Polls, ends, group, look, nothing, waits

OWN = Watch(own={GROUP}, joining={GROUP})
NIGHT = 6 * 60 * 14
"""Polls in fourteen hours."""


def test_a_topic_that_was_read_is_idle_all_night() -> None:
    """Nothing waits: no state but IDLE, however long nothing comes."""
    polls = Polls(OWN)

    assert polls.state({GROUP: group(5)}, ends(5), times=NIGHT) is State.IDLE


def test_markers_are_no_lag() -> None:
    """What only a transaction's marker lies before is all read, and stays so over days."""
    polls = Polls(OWN)
    row = polls.see({GROUP: group(5)}, ends(7), nothing(7), times=NIGHT)

    assert row is not None
    assert (row.state, row.lag, row.is_exact) == (State.IDLE, 0, True)


def test_markers_that_retention_deletes_are_no_loss() -> None:
    """A topic on which nothing came for two weeks loses its markers, and nothing else."""
    polls = Polls(OWN)
    polls.see({GROUP: group(5)}, ends(7), nothing(7))

    assert polls.state({GROUP: group(5)}, Ends(7, 7, 7), times=3) is State.IDLE
    memory = load(dump(polls.memory))
    _, snapshot = observe(memory, look(polls.at, {GROUP: group(5)}, Ends(7, 7, 7)), (), OWN)
    assert snapshot.rows[0].lost == 0


def test_records_that_retention_deletes_are_a_loss() -> None:
    """Deleted before it was read: the number is told, and it ends when the group goes on."""
    polls = Polls(OWN)
    polls.see({GROUP: group(5)}, ends(9), waits(5, 9, AT))
    row = polls.see({GROUP: group(5)}, Ends(8, 9, 9), waits(8, 9, AT), times=2)

    assert row is not None
    assert (row.state, row.lost) == (State.LOSS, 3)
    assert polls.state({GROUP: group(9)}, Ends(8, 9, 9), times=2) is State.IDLE


def test_a_record_that_is_being_read_alarms_nobody() -> None:
    """A record that came a moment ago waits: that is work."""
    polls = Polls(OWN)
    polls.see({GROUP: group(5)}, ends(5))

    assert polls.state({GROUP: group(5)}, ends(6), waits(5, 6, polls.at), times=2) is State.OK


def test_stopped() -> None:
    """Nobody is in the group and a record waits: shown within forty seconds."""
    polls = Polls(OWN)
    polls.see({GROUP: group(5)}, ends(5), times=5)
    came = polls.at
    states = [
        polls.state({GROUP: group(5, members=0)}, ends(6), waits(5, 6, came)) for _ in range(5)
    ]

    assert states == [State.OK, State.OK, State.OK, State.STOP, State.STOP]
    assert polls.at - came <= timedelta(seconds=60)


def test_stopped_with_nothing_waiting() -> None:
    """Workers that are away are missed even when nothing comes; a restart is not."""
    polls = Polls(OWN)
    polls.see({GROUP: group(5)}, ends(5))

    assert polls.state({GROUP: group(5, members=0)}, ends(5), times=12) is State.IDLE
    assert polls.state({GROUP: group(5, members=0)}, ends(5), times=3) is State.STOP


def test_a_sink_that_joins_no_group_is_judged_by_its_moves() -> None:
    """A group that never has members: it is alive as long as its offset moves."""
    polls = Polls(Watch(own={GROUP}))
    for offset in range(20):
        bounds, unread = ends(40), waits(offset, 40, AT)
        assert polls.state({GROUP: group(offset, members=0)}, bounds, unread) is State.OK
    assert (
        polls.state({GROUP: group(19, members=0)}, ends(40), waits(19, 40, AT), times=4)
        is State.STOP
    )
    assert polls.state({GROUP: group(40, members=0)}, ends(40), times=NIGHT) is State.IDLE


def test_stalled() -> None:
    """Members are there, a record waits, and the offset does not move: the record is named."""
    polls = Polls(OWN)
    polls.see({GROUP: group(5)}, ends(5), times=5)
    came = polls.at
    row = polls.see({GROUP: group(5)}, ends(8), waits(5, 8, came), times=4)

    assert row is not None
    assert (row.state, row.first, row.oldest_at) == (State.STALL, 5, came)
    assert polls.at - came <= timedelta(seconds=60)


def test_behind() -> None:
    """The group moves and the oldest record has waited for minutes: that is being behind."""
    polls = Polls(OWN)
    for offset in range(60):
        row = polls.see(
            {GROUP: group(offset)}, ends(100), waits(offset, 100, AT - timedelta(hours=1))
        )
        assert row is not None
        assert row.state is (State.BEHIND if offset else State.OK)


def test_rewound() -> None:
    """A group that went back is told until it is where it was; going back and forth is forgiven."""
    polls = Polls(OWN)
    polls.see({GROUP: group(9)}, ends(9))
    polls.see({GROUP: group(2)}, ends(9), waits(2, 9, AT))
    assert polls.state({GROUP: group(9)}, ends(9), times=2) is State.IDLE

    assert polls.state({GROUP: group(2)}, ends(9), waits(2, 9, AT), times=2) is State.REWIND
    assert polls.state({GROUP: group(4)}, ends(9), waits(4, 9, AT)) is State.REWIND
    assert polls.state({GROUP: group(9)}, ends(9), times=2) is State.IDLE


def test_blocked_by_an_open_transaction() -> None:
    """Records behind a transaction that stays open are hidden: its name and age are told."""
    polls = Polls(OWN)
    since = AT - timedelta(minutes=3)
    held = Transaction("sender.1", since)
    row = polls.see({GROUP: group(5)}, ends(9, stable=5), times=2, transaction=held)

    assert row is not None
    assert (row.state, row.lag, row.transaction) == (State.BLOCKED, 0, "sender.1")
    assert polls.state({GROUP: group(9)}, ends(9), times=2) is State.IDLE


def test_transactions_that_end_in_time_block_nobody() -> None:
    """The last stable offset moves on: however many transactions are open, nobody is held up."""
    polls = Polls(OWN)
    for offset in range(30):
        assert polls.state({GROUP: group(offset)}, ends(offset + 4, stable=offset)) is State.IDLE


def test_ahead() -> None:
    """A topic that ends before the group's offset was made anew, or has lost data."""
    polls = Polls(OWN)
    polls.see({GROUP: group(50)}, ends(50))

    assert polls.state({GROUP: group(50)}, ends(3), times=2) is State.AHEAD
    assert polls.state({GROUP: group(3)}, ends(3), times=2) is State.IDLE


def test_a_dead_group_stays_in_sight_for_a_week() -> None:
    """A group that the broker forgets is shown with what waits for it, then forgotten as well."""
    polls = Polls(Watch())
    polls.see({GROUP: group(5)}, ends(5))
    row = polls.see({}, ends(8), times=2)

    assert row is not None
    assert (row.state, row.group_state, row.lag, row.is_exact) == (State.DEAD, GONE, 3, False)
    polls.at += timedelta(days=7)
    assert polls.see({}, ends(8)) is None


def test_a_group_that_comes_back_is_no_longer_dead() -> None:
    """What it is afterwards is judged anew."""
    polls = Polls(OWN)
    polls.see({GROUP: group(5)}, ends(5))
    polls.see({GROUP: Group(MISSING, 0, {}, frozenset({PLACE}))}, ends(5), times=2)

    assert polls.state({GROUP: group(5)}, ends(5), times=2) is State.IDLE


def test_an_own_group_that_never_ran_is_missed() -> None:
    """Records on an input topic and no worker ever: nobody reads."""
    polls = Polls(OWN)
    missing = Group(MISSING, 0, {}, frozenset({PLACE}))

    assert polls.state({GROUP: missing}, ends(2), waits(0, 2, AT), times=4) is State.STOP


def test_a_foreign_group_without_an_offset_is_left_alone() -> None:
    """Nobody knows where it will begin; no number is made up."""
    polls = Polls(Watch())

    assert polls.state({GROUP: group(None)}, ends(2), waits(0, 2, AT), times=9) is State.NO_COMMIT


def test_one_odd_poll_alarms_nobody() -> None:
    """A state is shown after two polls in a row, and left after two."""
    polls = Polls(OWN)
    polls.see({GROUP: group(9)}, ends(9))

    assert polls.state({GROUP: group(2)}, ends(9), waits(2, 9, AT)) is State.IDLE
    assert polls.state({GROUP: group(2)}, ends(9), waits(2, 9, AT)) is State.REWIND
    assert polls.state({GROUP: group(9)}, ends(9)) is State.REWIND
    assert polls.state({GROUP: group(9)}, ends(9)) is State.IDLE


def test_a_restart_of_the_monitor_forgets_nothing() -> None:
    """A monitor that goes on from what was kept knows as much as one that never ended."""
    kept, never_ended = Polls(OWN), Polls(OWN)
    for polls in (kept, never_ended):
        polls.see({GROUP: group(5)}, ends(5), times=3)
        polls.see({GROUP: group(5)}, ends(6), waits(5, 6, AT), times=2)
        kept.memory = load(dump(kept.memory))
        polls.see({GROUP: group(5)}, ends(6), waits(5, 6, AT), times=2)

    assert kept.memory == never_ended.memory
    assert kept.snapshot == never_ended.snapshot
    assert load(dump(Memory())) == Memory()


def test_lag_that_is_not_counted_to_the_end_is_called_the_most() -> None:
    """A long backlog is counted as far as the budget reaches; the rest is an upper bound."""
    polls = Polls(OWN)
    row = polls.see({GROUP: group(0)}, ends(1000), waits(0, 400, AT, records=350))

    assert row is not None
    assert (row.lag, row.is_exact) == (950, False)
    assert POLL.total_seconds() == 10
