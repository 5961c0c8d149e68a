"""A group at a partition: followed, judged, held, and made a row."""

from collections.abc import Mapping
from datetime import datetime

from hub.monitor.holding import Held
from hub.monitor.judging import Case, judge, lag, lost
from hub.monitor.look import GONE, Ends, Group, Look, Place, Unread
from hub.monitor.memory import Stuck
from hub.monitor.snapshot import Row
from hub.monitor.track import Track, followed
from hub.monitor.watch import Watch


def judged(
    before: Track | None,
    look: Look,
    name: str,
    group: Group,
    place: Place,
    stuck: Mapping[Place, Stuck],
    watch: Watch,
) -> tuple[Track, Row]:
    """What is remembered of a group at a partition from now on, and its row."""
    ends, committed = look.ends[place], group.committed.get(place)
    is_known = group.state != GONE
    unread = _unread(look, place, committed, ends, before if not is_known else None)
    if is_known or before is None:
        track = followed(before, group, committed, ends, unread, look.at)
    else:
        track = before
    case = Case(
        at=look.at,
        track=track,
        ends=ends,
        unread=unread,
        members=group.members,
        is_own=name in watch.own,
        must_be_there=name in watch.joining,
        is_known=is_known,
        blocked_since=_blocked_since(look, place, stuck),
    )
    held = Held.after(before.held if before else None, judge(case, watch.limits), look.at)
    return track._replace(held=held), _row(look, name, group, case, place, held)


def _unread(
    look: Look, place: Place, committed: int | None, ends: Ends, gone: Track | None
) -> Unread | None:
    """What lies before the group; nobody has counted for one that the broker does not know."""
    if gone is not None:
        at = max(gone.committed or 0, gone.clean_until, ends.start)
        return Unread(0, at, None, None) if at < ends.stable else None
    return look.unread.get((place, max(committed or 0, ends.start)))


def _blocked_since(look: Look, place: Place, stuck: Mapping[Place, Stuck]) -> datetime | None:
    if place not in stuck:
        return None
    told = look.transactions.get(place)
    since = told.since if told else None
    return min(since, stuck[place].since) if since else stuck[place].since


def _row(look: Look, name: str, group: Group, case: Case, place: Place, held: Held) -> Row:
    waiting, is_exact = lag(case)
    told = look.transactions.get(place)
    return Row(
        group=name,
        place=place,
        state=held.state,
        since=held.since,
        lag=waiting,
        is_exact=is_exact,
        first=case.unread.first if case.unread else None,
        oldest_at=case.unread.first_at if case.unread else None,
        committed=case.track.committed,
        ends=case.ends,
        lost=lost(case.track, case.ends),
        members=group.members,
        group_state=group.state,
        transaction=told.name if told else None,
    )
