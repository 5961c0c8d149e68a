"""What `hub explain` tells of an event: to whom it goes and why, and which times it sets."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.clocks import Deadline
from schemas.problems import Problem
from schemas.vocabulary import AwaitedStep, Verdict


@dataclass(frozen=True, slots=True)
class Recipient:
    """One party that would be sent something."""

    party: str
    name: str
    event_type: str
    rule: str
    because: str
    left_out: tuple[str, ...]
    left_out_because: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A time that would be over if nobody did anything more."""

    party: str
    """Whose step is awaited."""
    awaits: AwaitedStep
    deadline: Deadline
    at: datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would become of one event."""

    verdict: Verdict
    recipients: tuple[Recipient, ...]
    problems: tuple[Problem, ...]
    """Of a step that may not be said now, the detail names those that may."""
    deadlines: tuple[Coming, ...] = ()
    """Which times run in the case from then on, the earliest first."""
