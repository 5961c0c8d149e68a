"""Workers that are killed all along: -9, at any moment of a tick, in the middle of anything."""

import os
import random
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

WITHIN_S: Final = 0.15
"""So soon after a tick has begun it happens: while its events are moved, or just after."""


@dataclass(slots=True)
class Killing:
    """Kills one worker at each of so many ticks, whom and when by seeded chance; 0: none."""

    pids: Callable[[], Sequence[int]]
    chance: random.Random
    every: int
    _dead: set[int] = field(default_factory=set)
    _ticks: int = 0
    _timer: threading.Timer = field(default_factory=lambda: threading.Timer(0, lambda: None))

    @property
    def killed(self) -> int:
        """How many are dead by this."""
        return len(self._dead)

    def at_a_tick(self) -> None:
        """A tick begins."""
        self._ticks += 1
        if not self.every or self._ticks % self.every:
            return
        self.end()
        which, seconds = self.chance.random(), self.chance.uniform(0, WITHIN_S)
        self._timer = threading.Timer(seconds, self._kill, (which,))
        self._timer.start()

    def end(self) -> None:
        """Return when nobody is being killed."""
        if self._timer.is_alive():
            self._timer.join()

    def _kill(self, which: float) -> None:
        # A process that is dead and not yet missed by its supervisor cannot be killed once more.
        pids = [pid for pid in self.pids() if pid not in self._dead]
        if not pids:
            return  # it has not come back yet
        victim = pids[int(which * len(pids))]
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            self._dead.add(victim)
