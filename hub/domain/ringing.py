"""What happens when a time is over: what is said to whom, what is remembered, one ledger line.

A timer rings once, whoever sees it first: the lane when its time has come, or the next event of
its case if that comes later than the time and before the lane. So the order of the log alone
decides what was in time.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from hub.domain import deadlines, emission
from hub.domain.deadlines import Rung
from hub.domain.decision import (
    Decision,
    Due,
    Entries,
    Searchable,
    State,
    StateChanges,
    overlaid,
)
from hub.domain.emission import HUB, Cause, Ground
from hub.domain.noting import record
from hub.domain.parties import Parties
from hub.domain.reminders import Reminder
from hub.domain.timers import Place, Timer
from schemas.events.ledger_recorded import Step
from schemas.topics import Topic
from schemas.vocabulary import Verdict


class Said(NamedTuple):
    """What follows from a time that is over, besides its clock's going on."""

    reminders: Sequence[Reminder]
    ground: Ground
    """What the reminders may be used for, and on which power they are sent."""
    changes: StateChanges
    step: Step | None = None
    """What it means for its referral, for the ledger."""


Tell = Callable[[Rung, Place, datetime, State, Parties], Said]
"""What one processor's times lead to."""


class Bell:
    """Rings the timers of one processor."""

    def __init__(self, name: str, source: Topic, tell: Tell) -> None:
        """Know the processor's name, its topic, and what its times lead to."""
        self._name = name
        self._topic = source.name
        self._tell = tell

    def on_time(self, due: Due, state: State, parties: Parties) -> Decision:
        """All that follows from a timer; nothing if its clock does not name it any more."""
        decision = Decision(Verdict.TIMED)
        rung = deadlines.ring(due.key, state, parties)
        if rung is None:
            return decision
        place = Timer.parse(due.key).place
        said = self._tell(rung, place, due.now, state, parties)
        speaker = HUB + self._name.replace("_", "-")
        cause = Cause(speaker, rung.name, due.now, place.subject)
        decision.outputs += [
            emission.notice(cause, one.data, one.to, one.rule, said.ground)
            for one in said.reminders
        ]
        decision.state = rung.changes | said.changes
        record(decision, cause, decision.outputs, self._topic, said.step)
        return decision

    def catch_up(
        self, subject: str, at: datetime, state: Searchable, parties: Parties
    ) -> "CaughtUp | None":
        """All that should have rung in a case by this moment; None if nothing should."""
        place = Place(self._name, subject)
        due = deadlines.first_due(state, place, at)
        if due is None:
            return None
        rung = CaughtUp(state)
        while due is not None:
            rung.add(self.on_time(due, rung, parties))
            due = deadlines.first_due(rung, place, at)
        return rung


class CaughtUp:
    """A state with what timers have changed by now, and what they have said."""

    def __init__(self, state: Searchable) -> None:
        """Begin with the state as it is."""
        self._state: Final = state
        self._rung = Decision(Verdict.TIMED)

    def get(self, key: bytes, /) -> bytes | None:
        """The value after what has rung."""
        changes = self._rung.state
        return changes[key] if key in changes else self._state.get(key)

    def under(self, family: bytes, /) -> Entries:
        """Every key of a family after what has rung."""
        return overlaid(self._rung.state, self._state.under(family), family)

    def add(self, decision: Decision) -> None:
        """Take what one timer led to."""
        self._rung.outputs += decision.outputs
        self._rung.state |= decision.state

    def before(self, decision: Decision) -> Decision:
        """What an event led to, with what rang before it."""
        decision.outputs[:0] = self._rung.outputs
        decision.state = self._rung.state | decision.state
        return decision
