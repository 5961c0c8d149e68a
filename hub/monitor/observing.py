"""One step of the monitor: what it remembers and what it saw become what it knows.

Look ─▶ tracks ─▶ judged ─▶ held for two polls ─▶ rows ─▶ faults ─▶ incidents ─▶ Snapshot
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from hub.monitor import incidents
from hub.monitor.faults import faults_of
from hub.monitor.holding import Held
from hub.monitor.judging import Case, judge, lag, lost
from hub.monitor.limits import Limits
from hub.monitor.look import GONE, MISSING, Ends, Group, Look, Place, Unread
from hub.monitor.memory import Memory, Notice, Stuck
from hub.monitor.silence import Silence
from hub.monitor.snapshot import Letters, Row, Snapshot
from hub.monitor.states import State
from hub.monitor.track import Track, followed


class Watch(NamedTuple):
    """What is watched, and how."""

    own: Collection[str] = ()
    """The groups that the hub itself needs."""
    joining: Collection[str] = ()
    """Those of them that have members whenever they run."""
    dead: Collection[str] = ()
    """The dead-letter topics, full names."""
    prefix: str = ""
    """Stands before every topic name."""
    limits: Limits = Limits()
    channels: tuple[str, ...] = ()
    """Where incidents are told."""


def observe(
    memory: Memory, look: Look, silences: tuple[Silence, ...], watch: Watch
) -> tuple[Memory, Snapshot]:
    """What is remembered and known after a poll that saw the broker."""
    stuck = _stuck(memory, look)
    gone = _gone(memory, look, watch.limits)
    tracks: dict[tuple[str, Place], Track] = {}
    rows: list[Row] = []
    for name, group in sorted({**look.groups, **gone}.items()):
        for place in sorted({*group.committed, *group.owned} & look.ends.keys()):
            track, row = _judged(memory, look, name, group, place, stuck, watch)
            tracks[name, place] = track
            rows.append(row)
    offline = {
        place: _held(memory.offline.get(place), State.OFFLINE, look.at) for place in look.offline
    }
    blind = _held(memory.blind, State.OK, look.at) if memory.blind else None
    after = Memory(tracks, stuck, offline, blind, memory.incidents, memory.untold)
    dead = {topic: _letters(look, topic) for topic in watch.dead}
    snapshot = Snapshot(look.at, look.took_s, tuple(rows), look.ends, silences, (), dead)
    return _turned(after, snapshot, watch)


def blinded(
    memory: Memory, before: Snapshot | None, at: datetime, because: str, watch: Watch
) -> tuple[Memory, Snapshot]:
    """The same after a poll that did not see the broker: what was known stands, and is old."""
    blind = _held(memory.blind, State.BLIND, at)
    known = before or Snapshot(at, 0, (), {}, (), ())
    since = known.blind_since or at
    return _turned(
        memory._replace(blind=blind),
        known._replace(blind_since=since, blind_because=because),
        watch,
        at,
    )


def _letters(look: Look, topic: str) -> Letters:
    """What lies on a dead-letter topic, from the first that is kept."""
    found = [
        (look.unread.get((place, ends.start)), ends)
        for place, ends in look.ends.items()
        if place.topic == topic
    ]
    oldest = [unread.first_at for unread, _ in found if unread and unread.first_at]
    return Letters(
        number=sum(unread.records + ends.stable - unread.until for unread, ends in found if unread),
        is_exact=all(unread.until >= ends.stable for unread, ends in found if unread),
        oldest_at=min(oldest, default=None),
    )


def _turned(
    memory: Memory, snapshot: Snapshot, watch: Watch, at: datetime | None = None
) -> tuple[Memory, Snapshot]:
    found = faults_of(snapshot, memory.offline, memory.blind, watch.prefix)
    turn = incidents.turn(memory.incidents, found, at or snapshot.at)
    notices = (
        *(Notice(one, opened=False) for one in turn.closed),
        *(Notice(one, opened=True) for one in turn.opened),
    )
    untold = {name: (*memory.untold.get(name, ()), *notices) for name in watch.channels}
    return (
        memory._replace(incidents=turn.open, untold=untold),
        snapshot._replace(incidents=turn.open),
    )


def _held(before: Held | None, found: State, at: datetime) -> Held:
    return Held.first(found, at) if before is None else before.then(found, at)


def _stuck(memory: Memory, look: Look) -> dict[Place, Stuck]:
    """Where records lie behind the last stable offset, and since when that has not moved."""
    found: dict[Place, Stuck] = {}
    for place, ends in look.ends.items():
        if ends.stable < ends.high:
            before = memory.stuck.get(place)
            same = before is not None and before.stable == ends.stable
            found[place] = before if before and same else Stuck(ends.stable, look.at)
    return found


def _gone(memory: Memory, look: Look, limits: Limits) -> dict[str, Group]:
    """The groups that had committed and that the broker does not know any more."""
    gone: dict[str, dict[Place, int]] = {}
    for (name, place), track in memory.tracks.items():
        is_missing = name not in look.groups or look.groups[name].state == MISSING
        recent = look.at - track.known_at < limits.forget_after
        if is_missing and recent and track.committed is not None:
            gone.setdefault(name, {})[place] = track.committed
    return {name: Group(GONE, 0, committed) for name, committed in gone.items()}


def _judged(
    memory: Memory,
    look: Look,
    name: str,
    group: Group,
    place: Place,
    stuck: Mapping[Place, Stuck],
    watch: Watch,
) -> tuple[Track, Row]:
    ends, committed = look.ends[place], group.committed.get(place)
    before = memory.tracks.get((name, place))
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
    held = _held(before.held if before else None, judge(case, watch.limits), look.at)
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
