"""How a group stands at a partition, judged from one poll and from what is remembered.

The first rule that fits says it. Every time is that of the record itself or of a poll: nothing is
estimated, so that a topic with a few events a day is judged as soundly as a busy one.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from hub.monitor.limits import Limits
from hub.monitor.look import Ends, Unread
from hub.monitor.states import State
from hub.monitor.track import Track


class Case(NamedTuple):
    """What is judged."""

    at: datetime
    track: Track
    ends: Ends
    unread: Unread | None
    """None: the group has come to the last stable offset."""
    members: int
    is_own: bool
    """Whether the hub itself needs this group: it reads from the beginning."""
    must_be_there: bool
    """Whether it has members whenever it runs; a sink reads without joining its group."""
    is_known: bool
    """Whether the broker still knows the group."""
    blocked_since: datetime | None
    """Since when a transaction has been open here; None: none is."""


def lost(track: Track, ends: Ends) -> int:
    """How many offsets were deleted before the group had read them; markers do not count."""
    if track.committed is None:
        return 0
    return max(0, ends.start - max(track.committed, track.clean_until))


def lag(case: Case) -> tuple[int, bool]:
    """How many records wait, and whether that is exact or the most it can be."""
    if case.unread is None:
        return 0, True
    left = max(0, case.ends.stable - case.unread.until)
    return case.unread.records + left, left == 0


def judge(case: Case, limits: Limits) -> State:
    """The state found in this poll."""
    track, ends = case.track, case.ends
    if not case.is_known:
        return State.DEAD
    if track.committed is not None and track.committed > ends.high:
        return State.AHEAD
    if lost(track, ends):
        return State.LOSS
    if case.unread is None or case.unread.first_at is None:
        return _nothing_to_read(case, limits)
    if track.committed is None and not case.is_own:
        return State.NO_COMMIT
    return _something_waits(case, case.unread.first_at, limits)


def _nothing_to_read(case: Case, limits: Limits) -> State:
    if _over(case.blocked_since, case.at, limits.blocked_after):
        return State.BLOCKED
    if case.must_be_there and not case.members:
        absent_since = case.track.manned_at or case.track.moved_at
        if _over(absent_since, case.at, limits.absent_after):
            return State.STOP
    return State.IDLE


def _something_waits(case: Case, first_at: datetime, limits: Limits) -> State:
    track, at = case.track, case.at
    if track.committed is not None and track.committed < track.highest:
        return State.REWIND
    limit = limits.stall_after if case.members else limits.stop_after
    if _over(track.moved_at, at, limit) and _over(first_at, at, limit):
        return State.STALL if case.members else State.STOP
    return State.BEHIND if _over(first_at, at, limits.behind_after) else State.OK


def _over(since: datetime | None, at: datetime, limit: timedelta) -> bool:
    return since is not None and at - since >= limit
