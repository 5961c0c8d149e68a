"""What can be done at the desk, as pages ask for it; `hub.operations` answers.

What asks Kafka raises BrokerUnavailable where it does not answer.
"""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from hub.letters.journal import Act, Entry
from hub.letters.replay import Step
from hub.letters.sending import Result
from hub.letters.shelf import Kept


class Looked(NamedTuple):
    """One letter as it lies there now."""

    kept: Kept
    acts: Sequence[Entry]
    """What was done with it, the newest first."""
    today: Sequence[str]
    """Why it would be refused today; empty: it would be taken, as far as that can be told."""


class Ask(NamedTuple):
    """Who wants letters sent again, or put aside, and why."""

    run: str
    """A mark of the form: sent twice it counts once."""
    who: str
    """As the journal says it."""
    reason: str
    about: str
    """The address of the page it was asked from."""


class State(StrEnum):
    """How a run stands."""

    GOES_ON = "goes-on"
    STOPS = "stops"
    """Told to stop: what is on its way is still waited for."""
    OVER = "over"
    FAILED = "failed"
    """It ended early."""


class Failure(StrEnum):
    """Why a run ended early."""

    NOT_JUDGED = "not-judged"
    """The hub has not judged what was sent again within a minute."""
    NO_BROKER = "no-broker"
    NOT_AUDITED = "not-audited"
    """The audit does not answer, so nothing was sent."""
    FAULT = "fault"
    """Of ours; it stands in the log."""


@dataclass(slots=True)
class Run:
    """Letters that are being sent again, in the background."""

    ask: Ask
    steps: Sequence[Step]
    """All that were chosen; only those that may be sent are."""
    started_at: datetime
    results: list[Result] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    ended_at: datetime | None = None
    failed: Failure | None = None

    @property
    def state(self) -> State:
        """How it stands."""
        if self.ended_at is None:
            return State.STOPS if self.stop.is_set() else State.GOES_ON
        return State.FAILED if self.failed else State.OVER

    def count(self, act: Act | None) -> int:
        """How many were judged so; None: not sent."""
        return sum((one.outcome.act if one.outcome else None) is act for one in self.results)


class Busy(Exception):
    """Somebody else is sending letters again."""

    def __init__(self, run: Run) -> None:
        """Keep who."""
        super().__init__(self.__doc__)
        self.run = run


class Desk(Protocol):
    """The desk of one hub."""

    def look(self, letter: str) -> Looked | None:
        """The letter with this id, with its content; None: it is not there."""

    def letters(self) -> list[Kept]:
        """Every letter as it lies there now, with its content, in the order of death."""

    def plan(self, kept: Sequence[Kept], chosen: Collection[str]) -> list[Step]:
        """What would become of the chosen letters today."""

    def note(self, act: Act, letters: Collection[str], who: str, reason: str) -> None:
        """Append an act on each letter to the journal; returns once it is kept."""

    def replay(self, ask: Ask, steps: Sequence[Step], per_second: float) -> Run:
        """Send those again that may be sent; the run of this ask if there is one. Raises Busy."""

    def run(self, run: str) -> Run | None:
        """The run of this mark; None: it is forgotten, or never was."""

    def running(self) -> Run | None:
        """The one that is under way."""
