"""Incidents: what is bad, grouped by its cause, from its opening to its close."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.monitor.states import State

ID_DIGITS: Final = 8


class Fault(NamedTuple):
    """One thing that is bad now; faults of the same cause are one incident."""

    state: State
    subject: str
    """Whom or what it is about: a group, a party, a partition, a file, the broker."""
    since: datetime
    where: str = ""
    """The partition: `referrals/2`; the setting that names the file."""
    lag: int = 0
    oldest_at: datetime | None = None
    record: str = ""
    """The record that is next: `referrals/2@17`."""
    detail: str = ""
    """A transactional id, an error in words."""
    members: int = 0
    lost: int = 0
    silent: timedelta = timedelta(0)
    """Of a silent party: working time since it last sent."""
    usual: timedelta = timedelta(0)
    """And how long its gaps usually are."""
    number: int = 0
    """How many events do not prove their sender."""
    parties: tuple[str, ...] = ()
    """The ids of the parties concerned; none: all of them."""
    stage: str = ""
    """Of a probe: the part of its way on which it stays."""
    until: datetime | None = None
    """Of what expires: its end."""


class Incident(NamedTuple):
    """Faults of one cause."""

    id: str
    state: State
    subject: str
    opened_at: datetime
    closed_at: datetime | None
    faults: tuple[Fault, ...]
    """As they were when they were last seen."""

    @property
    def cause(self) -> tuple[State, str]:
        """What makes faults one incident."""
        return self.state, self.subject


class Turn(NamedTuple):
    """What a poll has changed."""

    open: tuple[Incident, ...]
    opened: tuple[Incident, ...]
    closed: tuple[Incident, ...]


def turn(before: Iterable[Incident], faults: Iterable[Fault], at: datetime) -> Turn:
    """Go on with the open incidents: those still there, those new, those over."""
    by_cause: dict[tuple[State, str], list[Fault]] = {}
    for fault in faults:
        by_cause.setdefault((fault.state, fault.subject), []).append(fault)
    known = {incident.cause: incident for incident in before}
    still = {
        cause: known[cause]._replace(faults=tuple(by_cause[cause]))
        for cause in known
        if cause in by_cause
    }
    new = {cause: _opened(found, at) for cause, found in by_cause.items() if cause not in known}
    over = [one._replace(closed_at=at) for cause, one in known.items() if cause not in by_cause]
    return Turn(_sorted(still | new), tuple(new.values()), tuple(over))


def _opened(faults: list[Fault], at: datetime) -> Incident:
    first = faults[0]
    name = f"{first.state}|{first.subject}|{at.isoformat()}"
    digits = hashlib.sha256(name.encode()).hexdigest()[:ID_DIGITS]
    return Incident(digits, first.state, first.subject, at, None, tuple(faults))


def _sorted(incidents: Mapping[tuple[State, str], Incident]) -> tuple[Incident, ...]:
    return tuple(sorted(incidents.values(), key=lambda one: (one.opened_at, one.cause)))
