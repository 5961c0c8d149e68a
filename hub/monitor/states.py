"""The states: how a reader stands at a partition, and how the whole does."""

from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """What a state asks of a person."""

    FINE = "fine"
    """Nothing."""
    WARNING = "warning"
    """To look, today."""
    ALARM = "alarm"
    """To act, now: somebody waits, or something is lost."""


class State(StrEnum):
    """Named as `hub explain-state` takes it."""

    IDLE = "IDLE"
    """All that can be read is read."""
    OK = "OK"
    """Something waits, and is being read."""
    NO_COMMIT = "NO_COMMIT"
    """A foreign group that has not said yet how far it is."""
    BEHIND = "BEHIND"
    """Events are read, but the oldest has waited too long."""
    REWIND = "REWIND"
    """The group went back, and reads again what it had read."""
    STALL = "STALL"
    """The group has members, a record waits, and it does not move."""
    STOP = "STOP"
    """Nobody in the group reads."""
    DEAD = "DEAD"
    """The broker no longer knows the group, nor how far it was."""
    BLOCKED = "BLOCKED"
    """An open transaction hides from every reader what was written behind it."""
    LOSS = "LOSS"
    """Records were deleted before the group had read them."""
    AHEAD = "AHEAD"
    """The group stands behind the topic's end: the topic was made anew or has lost data."""
    OFFLINE = "OFFLINE"
    """No broker leads the partition."""
    FORGED = "FORGED"
    """Events claim a sender and do not prove it."""
    SILENT = "SILENT"
    """A party has sent nothing for longer than its own rhythm allows."""
    STUCK = "STUCK"
    """A probe did not come through from a door to an inbox and back."""
    EXPIRES_SOON = "EXPIRES_SOON"
    """A certificate or token ends within thirty days."""
    EXPIRES_NOW = "EXPIRES_NOW"
    """A certificate or token ends within seven days, or has ended."""
    BLIND = "BLIND"
    """The monitor cannot see the broker."""

    @property
    def severity(self) -> Severity:
        """What it asks of a person."""
        return _SEVERITY.get(self, Severity.ALARM)

    @property
    def is_bad(self) -> bool:
        """Whether somebody should know."""
        return self.severity is not Severity.FINE


_SEVERITY: Final = {
    State.IDLE: Severity.FINE,
    State.OK: Severity.FINE,
    State.NO_COMMIT: Severity.FINE,
    State.BEHIND: Severity.WARNING,
    State.SILENT: Severity.WARNING,
    State.EXPIRES_SOON: Severity.WARNING,
}
