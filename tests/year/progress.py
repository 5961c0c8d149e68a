"""Says on stderr how far a year has come."""

import sys
import time
from datetime import datetime
from typing import Final

from tests.year.oracle.expected import Expected
from tests.year.script.script import Script
from tests.year.working_days import local_day

EVERY_S: Final = 5.0


class Progress:
    """One line every few seconds."""

    def __init__(self) -> None:
        """Nothing has begun."""
        self._said_at = self._begun = time.monotonic()
        self._told = self._all = 0

    def say(self, words: str) -> None:
        """A line at once."""
        sys.stderr.write(f"{words}\n")
        sys.stderr.flush()

    def begin(self, script: Script, expected: Expected) -> None:
        """It is known what is to come."""
        self._all = len(script.sayings)
        plan = script.plan
        self.say(
            f"Seed {plan.seed}, {plan.days} days: {self._all:,} events and"
            f" {len(expected.reminders):,} reminders are to come. Kafka and the workers start."
        )

    def at(self, tick: datetime, told: int, killed: int) -> None:
        """A tick is over in which so much was said."""
        now = time.monotonic()
        if not self._told:
            self._begun = now
        self._told += told
        if now - self._said_at < EVERY_S or not self._told:
            return
        self._said_at = now
        left_s = (now - self._begun) * (self._all - self._told) / self._told
        kills = f", workers killed {killed} times" if killed else ""
        self.say(
            f"{local_day(tick)}  {self._told:,} of {self._all:,} events{kills},"
            f" about {left_s / 60:.0f} min left"
        )
