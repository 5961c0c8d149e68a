"""One step of the monitor: what it remembers and what it saw become what it knows.

Look ─▶ tracks ─▶ judged ─▶ held for two polls ─▶ rows ─▶ faults ─▶ incidents ─▶ Snapshot
"""

from datetime import datetime

from hub.monitor import incidents
from hub.monitor.faults import faults_of
from hub.monitor.forgery import Forgery
from hub.monitor.holding import Held
from hub.monitor.limits import Limits
from hub.monitor.look import GONE, MISSING, Group, Look, Place
from hub.monitor.memory import Memory, Notice, Stuck
from hub.monitor.probed import Probed
from hub.monitor.rows import judged
from hub.monitor.silence import Silence
from hub.monitor.snapshot import Letters, Row, Snapshot
from hub.monitor.states import State
from hub.monitor.track import Track
from hub.monitor.watch import Watch


def observe(
    memory: Memory,
    look: Look,
    silences: tuple[Silence, ...],
    watch: Watch,
    forgeries: tuple[Forgery, ...] | None = (),
    probed: tuple[Probed, ...] | None = None,
) -> tuple[Memory, Snapshot]:
    """What is remembered and known after a poll that saw the broker.

    `forgeries`: None while the dead letters are not read yet; `probed`: what became of the newest
    probes, None: what is remembered of them stands.
    """
    probed = memory.probed if probed is None else probed
    stuck = _stuck(memory, look)
    gone = _gone(memory, look, watch.limits)
    tracks: dict[tuple[str, Place], Track] = {}
    rows: list[Row] = []
    for name, group in sorted({**look.groups, **gone}.items()):
        for place in sorted({*group.committed, *group.owned} & look.ends.keys()):
            before = memory.tracks.get((name, place))
            track, row = judged(before, look, name, group, place, stuck, watch)
            tracks[name, place] = track
            rows.append(row)
    offline = {
        place: Held.after(memory.offline.get(place), State.OFFLINE, look.at)
        for place in look.offline
    }
    blind = Held.after(memory.blind, State.OK, look.at) if memory.blind else None
    after = Memory(tracks, stuck, offline, blind, memory.incidents, memory.untold, probed)
    dead = {topic: _letters(look, topic) for topic in watch.dead}
    known = forgeries or ()
    rest = (silences, (), dead, known, probed)
    snapshot = Snapshot(look.at, look.took_s, tuple(rows), look.ends, *rest)
    return _turned(
        after, snapshot._replace(expiring=look.expiring), watch, is_read=forgeries is not None
    )


def blinded(
    memory: Memory, before: Snapshot | None, at: datetime, because: str, watch: Watch
) -> tuple[Memory, Snapshot]:
    """The same after a poll that did not see the broker: what was known stands, and is old."""
    blind = Held.after(memory.blind, State.BLIND, at)
    known = before or Snapshot(at, 0, (), {}, (), (), probed=memory.probed)
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
    memory: Memory,
    snapshot: Snapshot,
    watch: Watch,
    at: datetime | None = None,
    *,
    is_read: bool = True,
) -> tuple[Memory, Snapshot]:
    found = [*faults_of(snapshot, memory.offline, memory.blind, watch.prefix)]
    if not is_read:  # what was known of the dead letters before a restart stands until then
        before = (one for one in memory.incidents if one.state is State.FORGED)
        found += [fault for one in before for fault in one.faults]
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
