"""How long what may last before it is a fault."""

from datetime import timedelta
from typing import NamedTuple


class Limits(NamedTuple):
    """The times after which a state is found; being shown takes one poll more."""

    stop_after: timedelta = timedelta(seconds=20)
    """How long a record may wait while nobody reads: a restart takes less."""
    stall_after: timedelta = timedelta(seconds=20)
    """How long a record may wait while somebody is there and does not move."""
    absent_after: timedelta = timedelta(seconds=120)
    """How long nobody needs to be there while nothing waits; of the hub's own groups."""
    blocked_after: timedelta = timedelta(seconds=60)
    """How long a transaction may stay open; the hub's own end after 40 s."""
    behind_after: timedelta = timedelta(minutes=5)
    """How long a record may wait while the group moves."""
    forget_after: timedelta = timedelta(days=7)
    """How long a group that the broker no longer knows stays in sight."""
