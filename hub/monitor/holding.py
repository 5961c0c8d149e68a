"""Hysteresis: a state is shown once two polls in a row have found it."""

from datetime import datetime
from typing import Final, NamedTuple

from hub.monitor.states import State

SAMPLES: Final = 2
"""How many polls in a row must find a state before it is shown."""


class Held(NamedTuple):
    """The state that is shown, and another that may follow it."""

    state: State
    since: datetime
    """When it was first found, before it was shown."""
    found: State
    """What the last poll found."""
    found_since: datetime
    times: int
    """How many polls in a row have found it."""

    @classmethod
    def first(cls, found: State, at: datetime) -> "Held":
        """After the first poll: what is bad is not shown yet."""
        shown = State.OK if found.is_bad else found
        return cls(shown, at, found, at, 1)

    @classmethod
    def after(cls, before: "Held | None", found: State, at: datetime) -> "Held":
        """After a poll that found this state, whatever there was before."""
        return cls.first(found, at) if before is None else before.then(found, at)

    def then(self, found: State, at: datetime) -> "Held":
        """After another poll. What asks nothing of anybody follows its like at once."""
        if found is not self.found:
            changed = self._replace(found=found, found_since=at, times=1)
        else:
            changed = self._replace(times=self.times + 1)
        if found is self.state:
            return changed
        at_once = not (found.is_bad or self.state.is_bad)
        if at_once or changed.times >= SAMPLES:
            return changed._replace(state=found, since=changed.found_since)
        return changed
