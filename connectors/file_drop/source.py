"""The folders of many parties as one source of events, each party getting its turn."""

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

import structlog

from connectors.base import Batch
from connectors.errors import Later
from connectors.file_drop.client import PartyFolder
from connectors.file_drop.options import FileDropOptions
from connectors.file_drop.own_mappings import own_mappings
from connectors.file_drop.parties import parties_below
from connectors.file_drop.presence import Presence
from connectors.file_drop.work import Work

log = structlog.get_logger(__name__)
SLICE_S: Final = 0.4
"""How long `read` works on files before it returns without a batch."""


class FileDropSource:
    """Hands in what lies in `<root>/<party>/in`; the README has every promise.

    Files of one party are taken one after the other, by one process at a time; between parties
    the batches alternate. A party whose disk fails is left alone for a while, the others go on.
    """

    def __init__(
        self,
        options: FileDropOptions,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make the folders of the parties named. Raises OSError if there can be no root."""
        self._options = options
        self._now = monotonic
        self._sleep = sleep
        self._folders: dict[str, PartyFolder] = {}
        self._at_work: deque[tuple[str, Work]] = deque()
        self._held_until: dict[str, float] = {}
        self._look_again = monotonic()
        self._pending: Batch | None = None
        options.root.mkdir(parents=True, exist_ok=True)
        self._presence = Presence(options.root)
        for party in options.parties:
            try:
                self._serve(party).make()
            except OSError as error:
                self._hold(party, error)

    def read(self) -> Batch | None:
        """The next batch, or None; the same batch again as long as it is not acknowledged.

        Raises Later when there is no root folder to look into.
        """
        until = self._now() + SLICE_S
        idle = self._pending is None
        while self._pending is None:
            self._take_files()
            if not self._at_work or (not idle and self._now() >= until):
                break
            idle = False
            self._pending = self._next_turn(until)
        if idle:
            self._sleep(self._options.poll_ms / 1000)
        return self._pending

    def close(self) -> None:
        """Let go of every file; what was not acknowledged is taken up by the next process."""
        self._pending = None
        while self._at_work:
            self._at_work.pop()[1].close()
        self._presence.close()

    def _next_turn(self, until: float) -> Batch | None:
        """Let the file whose turn it is go on."""
        party, work = self._at_work[0]
        batch = None
        try:
            batch = work.step(lambda: self._now() >= until)
        except OSError as error:
            work.close()
            self._hold(party, error)
        self._at_work.rotate(-1)
        self._forget_what_is_over()
        if batch is None:
            return None
        return Batch(batch.events, partial(self._acknowledge, party, work, batch))

    def _acknowledge(self, party: str, work: Work, batch: Batch) -> None:
        if self._pending is None or self._pending.events is not batch.events:
            return
        self._pending = None
        try:
            batch.acknowledge()
        except OSError as error:
            work.close()
            self._hold(party, error)
        self._forget_what_is_over()

    def _forget_what_is_over(self) -> None:
        self._at_work = deque((party, work) for party, work in self._at_work if not work.over)

    def _take_files(self) -> None:
        now = self._now()
        looking = now >= self._look_again
        if looking:
            self._look_again = now + self._options.poll_ms / 1000
            self._find_parties()
        busy = {party for party, _ in self._at_work}
        for party, folder in self._folders.items():
            if self._held_until.get(party, now) > now:
                continue
            try:
                if looking:
                    folder.look(now)
                if party not in busy:
                    self._take_file(party, folder)
            except OSError as error:
                self._hold(party, error)

    def _take_file(self, party: str, folder: PartyFolder) -> None:
        claim = folder.take()
        if claim is None:
            return
        try:
            mappings = partial(own_mappings, folder.folder)
            self._at_work.append((party, Work(claim, self._options, mappings)))
        except BaseException:
            claim.close()
            raise

    def _hold(self, party: str, error: OSError) -> None:
        """Leave the party's folder alone for a while; nothing in it is lost."""
        retry_s = self._options.retry_ms / 1000
        self._held_until[party] = self._now() + retry_s
        log.error("folder_unusable", party=party, error=error, retry_s=retry_s)

    def _find_parties(self) -> None:
        if self._options.parties:
            return
        try:
            found = list(parties_below(self._options.root))
        except OSError as error:
            raise Later(self._options.retry_ms / 1000, "the root folder is away") from error
        for party in found:
            if party not in self._folders:
                self._serve(party)

    def _serve(self, party: str) -> PartyFolder:
        folder = PartyFolder(self._options.root / party, party, self._options.settle_ms / 1000)
        self._folders[party] = folder
        return folder
