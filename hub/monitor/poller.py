"""The one that looks at the broker, on a clock; everybody else reads what it found."""

import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

import structlog

from hub.errors import HubError
from hub.monitor.forgery import Forgery
from hub.monitor.history import History, recorded
from hub.monitor.look import Look
from hub.monitor.memory import Memory, Notice
from hub.monitor.observing import blinded, observe
from hub.monitor.probed import Probed
from hub.monitor.silence import Silence
from hub.monitor.snapshot import Snapshot
from hub.monitor.state_file import StateFile
from hub.monitor.watch import Watch

Silences = Callable[[Snapshot | None, datetime, Collection[str]], tuple[Silence, ...]]
"""How silent the parties are, given what is known, the time, and whose silence was strange."""
Forgeries = Callable[[], tuple[Forgery, ...] | None]
"""What lies there that does not prove its sender; None: it was not read yet."""
Probes = Callable[[], tuple[Probed, ...] | None]
"""What became of the newest probes; None: none was sent since the monitor runs."""
MISSED: Final = 3
"""After so many polls' time without a sight of the broker what is known is old."""
log = structlog.get_logger()


class Poller:
    """Looks every few seconds, judges, remembers; any number of threads may ask what is known."""

    def __init__(
        self,
        look: Callable[[], Look],
        silences: Silences,
        watch: Watch,
        kept: StateFile,
        now: Callable[[], datetime],
        forgeries: Forgeries = lambda: (),
        probed: Probes = lambda: (),
    ) -> None:
        """Go on from what was kept; nothing is looked at yet."""
        self._forgeries = forgeries
        self._look = look
        self._silences = silences
        self._watch = watch
        self._kept = kept
        self._now = now
        self._probed = probed
        self._lock = threading.Lock()
        self._memory: Memory = kept.load()
        self._snapshot: Snapshot | None = None
        self._history: History = ()
        self._turned_at = time.monotonic()

    @property
    def snapshot(self) -> Snapshot | None:
        """What the newest poll found; None before the first."""
        return self._snapshot

    @property
    def history(self) -> History:
        """What the polls of the last hours found."""
        return self._history

    def turned_s_ago(self) -> float:
        """How long ago it last finished a poll, successful or not."""
        return time.monotonic() - self._turned_at

    def poll(self) -> Snapshot:
        """Look once."""
        strange = {one.party for one in self._strange()}
        try:
            seen = self._look()
        except HubError as error:
            because = str(error)
            with self._lock:
                memory, snapshot = blinded(
                    self._memory, self._snapshot, self._now(), because, self._watch
                )
                self._keep(memory, snapshot)
        else:
            silences = self._silences(self._snapshot, seen.at, strange)
            with self._lock:
                memory, snapshot = observe(
                    self._memory,
                    seen,
                    silences,
                    self._watch,
                    self._forgeries(),
                    self._probed(),
                )
                self._keep(memory, snapshot)
        self._turned_at = time.monotonic()
        return snapshot

    def run(self, stop: threading.Event, every_s: float) -> None:
        """Look on a clock until told to stop; a poll that takes long skips a beat."""
        next_at = time.monotonic()
        while not stop.is_set():
            self.poll()
            next_at = max(next_at + every_s, time.monotonic())
            stop.wait(next_at - time.monotonic())

    def untold(self, channel: str) -> tuple[Notice, ...]:
        """What the channel has not told yet, in order."""
        with self._lock:
            return self._memory.untold.get(channel, ())

    def told(self, channel: str) -> None:
        """The channel has told the first of them."""
        with self._lock:
            left = self._memory.untold[channel][1:]
            untold = {**self._memory.untold, channel: left}
            self._memory = self._memory._replace(untold=untold)
            self._kept.save(self._memory)

    def _strange(self) -> tuple[Silence, ...]:
        known = self._snapshot.silences if self._snapshot else ()
        return tuple(one for one in known if one.is_strange)

    def _keep(self, memory: Memory, snapshot: Snapshot) -> None:
        before = {one.id for one in self._memory.incidents}
        after = {one.id: one for one in memory.incidents}
        for new in after.keys() - before:
            one = after[new]
            log.warning("incident_opened", incident=new, state=one.state, subject=one.subject)
        for over in before - after.keys():
            log.info("incident_closed", incident=over)
        self._history = recorded(self._history, self._snapshot, snapshot, self._watch)
        self._memory, self._snapshot = memory, snapshot
        self._kept.save(memory)
