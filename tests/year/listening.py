"""Reads all that recipients can read, the ledger, and what lanes tell each other, as time goes."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.streaming.reading import Found, Reader
from schemas.codec import decode
from schemas.topics import LANE_OFFERS
from tests.chaos.background import Background
from tests.year.judge.heard import Heard, Key, ReminderKey

READ_S: Final = 0.3


@dataclass(slots=True)
class Wanted:
    """What must have been read by some time."""

    keys: Counter[Key] = field(default_factory=Counter)
    reminders: Counter[ReminderKey] = field(default_factory=Counter)
    lane_news: int = 0
    """How often the lanes told each other something."""

    def add(self, more: "Wanted") -> None:
        """And this."""
        self.keys += more.keys
        self.reminders += more.reminders
        self.lane_news += more.lane_news


@dataclass
class Listening(Background):
    """A `read_committed` reader in its own thread; it reads as time goes, before anything ages."""

    bootstrap: str
    topics: Sequence[str]
    heard: Heard = field(default_factory=Heard)
    wanted: Wanted = field(default_factory=Wanted)
    """All up to now."""

    def __post_init__(self) -> None:
        super().__init__("listening")
        self._changed = threading.Condition()

    def work(self) -> None:
        """Read until told to stop."""
        with Reader({"bootstrap_servers": self.bootstrap}, self.topics) as reader:
            while not self.stopping.is_set():
                found = reader.read(READ_S)
                with self._changed:
                    for one in found:
                        self._note(one)
                    self._changed.notify_all()

    def hear_all(self, more: Wanted, within_s: float) -> bool:
        """Return when this, too, was read and every lane has heard all, or False after the time."""
        self.wanted.add(more)
        return self._wait_for(lambda: next(self._lacking(more), None) is None, within_s)

    def lacking(self, more: Wanted) -> list[str]:
        """What of this was not read yet, in words."""
        with self._changed:
            return list(self._lacking(more))

    def _lacking(self, more: Wanted) -> Iterator[str]:
        heard, wanted = self.heard, self.wanted
        for key in more.keys:
            if heard.seen[key] < wanted.keys[key]:
                yield f"{key} was not read"
        for timed in more.reminders:
            if len(heard.reminders.get(timed, ())) < wanted.reminders[timed]:
                yield f"{timed} was not said"
        if len(heard.news.told) < wanted.lane_news:
            yield f"lanes told each other {len(heard.news.told)} of {wanted.lane_news} things"
        elif more.lane_news and not heard.news.is_heard:
            yield "a lane has not heard all it was told"

    def _note(self, found: Found) -> None:
        if found.topic.endswith(LANE_OFFERS.name):
            self.heard.news.note_told(found)
        else:
            self.heard.note(decode(found.record))

    def _wait_for(self, met: Callable[[], bool], within_s: float) -> bool:
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
