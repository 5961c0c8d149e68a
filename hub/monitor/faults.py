"""Which of what is shown is a fault, of what cause, and whom it concerns."""

from collections.abc import Iterator, Mapping
from typing import Final

from hub.monitor.expiring import NOW, SOON, Left, left
from hub.monitor.forgery import Forgery
from hub.monitor.holding import Held
from hub.monitor.incidents import Fault
from hub.monitor.look import Place
from hub.monitor.probed import Probed
from hub.monitor.probes import Stage
from hub.monitor.silence import Silence
from hub.monitor.snapshot import Row, Snapshot
from hub.monitor.states import State
from schemas.topics import DELIVERY_PREFIX

EXPIRES: Final = {
    Left.SOON: (State.EXPIRES_SOON, SOON),
    Left.NOW: (State.EXPIRES_NOW, NOW),
    Left.OVER: (State.EXPIRES_NOW, NOW),
}
"""How near an end is a fault, and since how long before it."""
BROKER = "kafka"
"""What is bad of the broker as a whole has one cause."""


def faults_of(
    snapshot: Snapshot, offline: Mapping[Place, Held], blind: Held | None, prefix: str
) -> Iterator[Fault]:
    """Every fault; while the broker is not seen only that one, and what was known before."""
    if blind is not None and blind.state is State.BLIND:
        yield Fault(State.BLIND, BROKER, blind.since, detail=snapshot.blind_because)
    for place, held in offline.items():
        if held.state is State.OFFLINE:
            where, parties = _name(place), concerned(place.topic, prefix)
            yield Fault(State.OFFLINE, BROKER, held.since, where, parties=parties)
    for row in snapshot.rows:
        if row.state.is_bad:
            yield _of_row(row, prefix)
    yield from (_of_silence(one) for one in snapshot.silences if one.is_strange)
    yield from (_of_forgery(one) for one in snapshot.forgeries)
    yield from (_of_probe(one, one.stuck) for one in snapshot.probed if one.stuck)
    yield from _of_ends(snapshot)


def concerned(topic: str, prefix: str) -> tuple[str, ...]:
    """The party whose deliveries a topic carries; none of a topic that all parties write to."""
    name = topic.removeprefix(prefix)
    return (name.removeprefix(DELIVERY_PREFIX),) if name.startswith(DELIVERY_PREFIX) else ()


def _of_silence(silence: Silence) -> Fault:
    return Fault(
        state=State.SILENT,
        subject=silence.party,
        since=silence.due_at,
        oldest_at=silence.last_at,
        silent=silence.silent,
        usual=silence.usual,
        parties=(silence.party,),
    )


def _of_forgery(forgery: Forgery) -> Fault:
    return Fault(
        state=State.FORGED,
        subject=forgery.party,
        since=forgery.since,
        record=forgery.newest,
        detail=", ".join(forgery.codes),
        number=forgery.number,
        parties=(forgery.party,) if forgery.party else (),
    )


def _of_probe(probe: Probed, stuck: Stage) -> Fault:
    """All that stay with the same door, lanes or sink have one cause."""
    return Fault(
        state=State.STUCK,
        subject=probe.at,
        since=probe.sent_at,
        where=f"{probe.door} → {probe.recipient}",
        detail=probe.objection,
        parties=(probe.recipient,) if stuck is Stage.INBOX else (),
        stage=stuck.value,
    )


def _of_ends(snapshot: Snapshot) -> Iterator[Fault]:
    """What ends soon or has ended; a file that cannot be read is for `hub doctor`."""
    for one in snapshot.expiring:
        found = EXPIRES.get(left(one, snapshot.at))
        if found is not None and one.until is not None:
            state, before = found
            since = one.until - before
            yield Fault(state, one.file, since, where=one.setting, until=one.until)


def _of_row(row: Row, prefix: str) -> Fault:
    blocked = row.state is State.BLOCKED
    first = row.first
    return Fault(
        state=row.state,
        subject=row.transaction or _name(row.place) if blocked else row.group,
        since=row.since,
        where=_name(row.place),
        lag=_hidden(row) if blocked else row.lag,
        oldest_at=row.oldest_at,
        record="" if first is None else f"{_name(row.place)}@{first}",
        detail=row.transaction or "",
        members=row.members,
        lost=row.lost,
        parties=concerned(row.place.topic, prefix),
    )


def _hidden(row: Row) -> int:
    """How many offsets lie behind an open transaction."""
    return row.ends.high - row.ends.stable if row.ends else 0


def _name(place: Place) -> str:
    return f"{place.topic}/{place.partition}"
