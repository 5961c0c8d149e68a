"""Who has been silent for longer than their own rhythm allows."""

from datetime import datetime, timedelta
from typing import NamedTuple

from hub.domain.working_time import WorkingTime
from hub.monitor.rhythm import Rhythm


class Silence(NamedTuple):
    """How long a party has sent nothing, beside how long it usually does not."""

    party: str
    last_at: datetime
    """When it last sent."""
    silent: timedelta
    """Working time since then, of its office."""
    usual: timedelta
    due_at: datetime
    """From when on the silence is strange."""
    is_strange: bool
    """Whether that is so now."""


def silence(
    party: str,
    last_at: datetime,
    rhythm: Rhythm,
    office: WorkingTime,
    now: datetime,
    *,
    was_strange: bool = False,
) -> Silence:
    """The silence of a party at this moment.

    It becomes strange while the office is open, so that nobody is woken by somebody else's
    silence, and stays so until the party sends.
    """
    due_at = office.after(last_at, rhythm.patience)
    silent = office.working_hours_between(last_at, max(now, last_at))
    strange = now >= due_at and (was_strange or office.is_open(now))
    return Silence(party, last_at, silent, rhythm.usual, due_at, strange)
