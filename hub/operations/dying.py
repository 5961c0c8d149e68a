"""Keeps in memory what lies dead, read on as it comes: a page asks nothing of the broker."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from hub.board.dying import Died, Holding
from hub.errors import HubError
from hub.letters import journal
from hub.letters.expiring import expiring, gone_at
from hub.letters.shelf import Status
from hub.monitor.forgery import CODES, Forgery, Unproven, forgeries
from hub.monitor.look import Ends, Place
from hub.monitor.snapshot import Snapshot
from hub.operations.dead_letters import desk_topics, letter_of
from hub.settings import Settings
from hub.streaming.reading import Found, Reader
from schemas.topics import JOURNAL

LOOK_S: Final = 1.0
"""How often is looked whether the monitor has seen anything new."""
WARN_EVERY: Final = timedelta(days=1)
PAUSE_S: Final = 15.0
"""How long a broker that does not answer is left alone."""
_NOTHING: Final[Mapping[Place, Ends]] = {}
log = structlog.get_logger()


class Dying:
    """Reads the dead letters and the desk's journal whenever the monitor has seen their ends move.

    Contents are let go of as soon as they are read.
    """

    def __init__(
        self,
        settings: Settings,
        snapshot: Callable[[], Snapshot | None],
        now: Callable[[], datetime],
    ) -> None:
        """Nothing is read before `run`."""
        self._settings = settings
        self._topics = desk_topics(settings)
        self._journal = settings.topic_prefix + JOURNAL.name
        self._snapshot = snapshot
        self._now = now
        self._died: Died | None = None
        self._warned_at: datetime | None = None

    @property
    def died(self) -> Died | None:
        """What lay there when it was last read; None: it was not read yet."""
        return self._died

    def run(self, stop: threading.Event) -> None:
        """Read until told to stop; begin anew when the broker was away."""
        while not stop.is_set():
            try:
                self._read(stop)
            except HubError as error:
                log.warning("dead_letters_not_read", why=str(error))
                stop.wait(PAUSE_S)

    def _read(self, stop: threading.Event) -> None:
        """Begin at the first letter, and go on until told to stop."""
        if not self._wait_for_ends(stop):
            return
        holding, read_to = Holding(), _NOTHING
        with Reader(self._settings.kafka.kafka_python(), self._topics) as reader:
            while not stop.is_set():
                ends = self._ends()
                if ends != read_to:
                    for part in reader.parts():
                        self._take(part, holding)
                    holding.forget(
                        {(self._bare(at.topic), at.partition): e.start for at, e in ends.items()}
                    )
                    self._died, read_to = holding.died(self._now()), ends
                self._warn()
                stop.wait(LOOK_S)

    def _warn(self) -> None:
        """Say once a day that letters will be gone on which nobody has decided."""
        now = self._now()
        if self._died is None or (self._warned_at and now - self._warned_at < WARN_EVERY):
            return
        self._warned_at = now
        if going := expiring(self._died.kept, now):
            log.warning("undecided_letters_expire", letters=len(going), first_at=gone_at(going[0]))

    def _take(self, part: Sequence[Found], holding: Holding) -> None:
        prefix = self._settings.topic_prefix
        holding.take(letter_of(prefix, one) for one in part if one.topic != self._journal)
        acts = (journal.read(one.record) for one in part if one.topic == self._journal)
        holding.note(act for act in acts if act is not None)

    def _bare(self, topic: str) -> str:
        return topic.removeprefix(self._settings.topic_prefix)

    def _wait_for_ends(self, stop: threading.Event) -> bool:
        """Whether the monitor has seen the topics; False: it is time to stop."""
        while not (found := bool(self._ends())) and not stop.wait(LOOK_S):
            pass
        return found

    def _ends(self) -> Mapping[Place, Ends]:
        snapshot = self._snapshot()
        known = snapshot.topics if snapshot else {}
        return {place: ends for place, ends in known.items() if place.topic in self._topics}


def unproven(died: Died | None) -> tuple[Forgery, ...] | None:
    """What lies dead, still to be looked at, because it does not prove its sender."""
    if died is None:
        return None
    letters = (one.letter for one in died.kept if one.status is Status.OPEN)
    return forgeries(
        Unproven(one.sender, one.at, one.id, one.codes) for one in letters if CODES & {*one.codes}
    )
