"""The one sentence on top: whether somebody must act, and whether that is known at all."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from hub.monitor.overview import Overview
from hub.monitor.states import Severity


class Verdict(StrEnum):
    """What the whole asks of a person."""

    FINE = "fine"
    LOOK = "look"
    """Something should be looked at today."""
    ACT = "act"
    """Somebody waits, or something is lost."""
    BLIND = "blind"
    """The broker does not answer: what is shown is old."""
    OLD = "old"
    """The monitor has not looked for too long: what is shown is old."""
    UNKNOWN = "unknown"
    """The monitor has not looked yet."""


class Judged(NamedTuple):
    """The verdict and what it rests on."""

    verdict: Verdict
    seen_at: datetime | None
    """When the broker was last seen."""
    ago: timedelta
    alarms: int
    warnings: int


def judged(overview: Overview | None, now: datetime, is_old_after: timedelta) -> Judged:
    """The verdict; what is old is never called fine."""
    if overview is None:
        return Judged(Verdict.UNKNOWN, None, timedelta(0), 0, 0)
    severities = [one.state.severity for one in overview.incidents]
    alarms, warnings = severities.count(Severity.ALARM), severities.count(Severity.WARNING)
    ago = max(now - overview.at, timedelta(0))
    if not overview.is_current:
        verdict = Verdict.BLIND
    elif ago >= is_old_after:
        verdict = Verdict.OLD
    else:
        verdict = Verdict.ACT if alarms else Verdict.LOOK if warnings else Verdict.FINE
    return Judged(verdict, overview.at, ago, alarms, warnings)
