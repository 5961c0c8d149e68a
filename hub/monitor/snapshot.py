"""What the monitor knows now: everything that is shown, told or measured is read from this."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from hub.monitor.expiring import Expiry
from hub.monitor.forgery import Forgery
from hub.monitor.incidents import Incident
from hub.monitor.look import Ends, Place
from hub.monitor.probed import Probed
from hub.monitor.silence import Silence
from hub.monitor.states import State


class Row(NamedTuple):
    """One group at one partition."""

    group: str
    place: Place
    state: State
    since: datetime
    lag: int
    """How many records wait; transaction markers and aborted records do not."""
    is_exact: bool
    """Whether `lag` is counted, or the most it can be."""
    first: int | None
    """The offset of the record it reads next."""
    oldest_at: datetime | None
    """Since when that one waits."""
    committed: int | None
    ends: Ends | None
    """None: no broker leads the partition."""
    lost: int
    members: int
    group_state: str
    transaction: str | None
    """The open transaction that holds readers up, where it is known."""


class Letters(NamedTuple):
    """The dead letters of a topic."""

    number: int
    is_exact: bool
    oldest_at: datetime | None


class Snapshot(NamedTuple):
    """The newest poll, judged."""

    at: datetime
    """When the broker was last seen."""
    took_s: float
    rows: tuple[Row, ...]
    topics: Mapping[Place, Ends]
    silences: tuple[Silence, ...]
    incidents: tuple[Incident, ...]
    """Those that are open, the oldest first."""
    dead: Mapping[str, Letters] = {}
    """What lies on each dead-letter topic, full name."""
    forgeries: tuple[Forgery, ...] = ()
    """What claims a sender and does not prove it."""
    probed: tuple[Probed, ...] = ()
    """What became of the newest probe of each way."""
    blind_since: datetime | None = None
    """Since when the broker has not answered."""
    blind_because: str = ""
    expiring: tuple[Expiry, ...] = ()
    """The certificates and tokens that have an end."""

    @property
    def is_fine(self) -> bool:
        """Whether nobody needs to look."""
        return not self.incidents
