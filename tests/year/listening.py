"""Reads all that recipients can read, and the ledger, while the year goes on."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.streaming.reading import Reader
from schemas.codec import decode
from tests.chaos.background import Background
from tests.year.judge.heard import Heard, Key, ReminderKey, key_of, keys_of
from tests.year.oracle.expected import Reminder, Told

READ_S: Final = 0.3


@dataclass
class Listening(Background):
    """A `read_committed` reader in its own thread; it reads as time goes, before anything ages."""

    bootstrap: str
    topics: Sequence[str]
    heard: Heard = field(default_factory=Heard)
    wanted: Counter[Key] = field(default_factory=Counter)
    """How often each thing must have been read by now."""
    reminded: Counter[ReminderKey] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__("listening")
        self._changed = threading.Condition()

    def work(self) -> None:
        """Read until told to stop."""
        with Reader({"bootstrap_servers": self.bootstrap}, self.topics) as reader:
            while not self.stopping.is_set():
                found = reader.read(READ_S)
                for one in found:
                    self.heard.note(decode(one.record))
                with self._changed:
                    self._changed.notify_all()

    def hear_all(
        self, told: Iterable[Told], reminders: Iterable[Reminder], within_s: float
    ) -> bool:
        """Return when all that must be read because of these was read, or False after the time."""
        keys = Counter(key for one in told for key in keys_of(one))
        timed = Counter(key_of(one) for one in reminders)
        self.wanted += keys
        self.reminded += timed

        def is_there() -> bool:
            seen, said = self.heard.seen, self.heard.reminders
            return all(seen[key] >= self.wanted[key] for key in keys) and all(
                len(said.get(key, ())) >= self.reminded[key] for key in timed
            )

        return self.wait_for(is_there, within_s)

    def wait_for(self, met: Callable[[], bool], within_s: float) -> bool:
        """Return when it holds, or False after the time; raises what the reading raised."""
        until = time.monotonic() + within_s
        with self._changed:
            while not met():
                left = until - time.monotonic()
                if self.failure is not None:
                    raise RuntimeError("nothing is read any more") from self.failure
                if left <= 0:
                    return False
                self._changed.wait(min(left, 1))
        return True
