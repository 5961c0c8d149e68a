"""Sends letters again: throttled, of each case one at a time, until done or told to stop."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

from connectors.runner.placer import Placer
from hub.audit.act import Did
from hub.auditing import audited
from hub.errors import HubError
from hub.letters import journal
from hub.letters.letter import Letter
from hub.letters.sending import Result, Sending, outcome
from hub.operations import watched
from hub.operations.dead_letters import in_words
from hub.settings import Settings
from hub.streaming.reading import Reader
from schemas.codec import decode
from schemas.errors import Unreadable
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.topics import JOURNAL, LEDGER

JUDGED_WITHIN_S: Final = 60.0
"""How long what was sent again may wait for its line in the ledger."""
LOOK_S: Final = 0.05
AT_ONCE: Final = 100
"""How many letters, each of another case, are on their way at a time."""
Place = tuple[str, int, int]


class NotJudged(HubError):
    """The hub has not judged what was sent again within a minute."""


class Replay:
    """One run over letters that may be sent."""

    def __init__(
        self,
        settings: Settings,
        letters: Sequence[Letter],
        who: str,
        reason: str,
        per_second: float,
        stop: threading.Event,
    ) -> None:
        """Nothing is sent before `run`; `who` and `reason` stand in the journal."""
        self._settings = settings
        self._letters = letters
        self._sending = Sending(letters)
        self._who = who
        self._reason = reason
        self._pause_s = 1 / per_second
        self._stop = stop
        self._flying: dict[Place, tuple[Letter, float]] = {}
        self._next_at = time.monotonic()

    def run(self) -> Iterator[Result]:
        """Each result as soon as the hub has judged; ends early when told to stop.

        What is on its way then is still waited for. Raises BrokerUnavailable, NotAudited and
        NotJudged; run again, it goes on where it stopped: what was delivered is recognised.
        """
        ids = [letter.id for letter in self._letters]
        with audited(self._settings, Did.LETTER_REPLAYED, *ids, who=self._who, reason=self._reason):
            yield from self._run()

    def _run(self) -> Iterator[Result]:
        connection, prefix = self._settings.kafka.kafka_python(), self._settings.topic_prefix
        with (
            in_words(self._settings),
            Reader(connection, [prefix + LEDGER.name], from_end=True) as ledger,
            closing(Placer(connection)) as placer,
        ):
            while self._send(placer, prefix) or self._flying:
                for place, line in _lines(ledger):
                    if place in self._flying:
                        yield from self._judged(self._flying.pop(place)[0], line, placer)
                self._check_in_time()
        for letter in self._sending.rest():
            yield Result(letter, None, "stopped")

    def _send(self, placer: Placer, prefix: str) -> bool:
        """Send those whose time has come; whether others may be sent later."""
        while not self._stop.is_set() and len(self._flying) < AT_ONCE:
            if time.monotonic() < self._next_at:
                return True
            letter = self._sending.next()
            if letter is None:
                return False
            place = placer.put(prefix + letter.topic, letter.record, letter.partition)
            self._flying[place] = letter, time.monotonic()
            self._next_at = max(self._next_at, time.monotonic() - self._pause_s) + self._pause_s
        return not self._stop.is_set()

    def _judged(self, letter: Letter, line: LedgerRecorded, placer: Placer) -> Iterator[Result]:
        found = outcome(line)
        said = journal.entry(
            found.act, letter.id, watched.now(), self._who, self._reason, outcome=found.says
        )
        placer.put(self._settings.topic_prefix + JOURNAL.name, journal.write(said))
        yield from self._sending.judged(letter, found)

    def _check_in_time(self) -> None:
        oldest = min((at for _, at in self._flying.values()), default=time.monotonic())
        if time.monotonic() - oldest > JUDGED_WITHIN_S:
            remedy = "See whether workers run (`hub lag`), then call this again: it goes on."
            raise NotJudged(remedy=remedy)


def _lines(ledger: Reader) -> Iterator[tuple[Place, LedgerRecorded]]:
    for found in ledger.read(LOOK_S):
        try:
            line = decode(found.record).data
        except Unreadable:
            continue
        if isinstance(line, LedgerRecorded):
            yield (line.topic, line.partition, line.offset), line
