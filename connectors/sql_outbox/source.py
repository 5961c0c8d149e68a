"""The rows of an outbox as a source of events, for as many processes as one likes."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from connectors.base import Batch
from connectors.sql_outbox.claim import Claim, Outbox
from connectors.sql_outbox.database import open_database
from connectors.sql_outbox.mapping import as_text, event_of
from connectors.sql_outbox.options import Options
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.problems import Problem

log = structlog.get_logger()
LOOK_S: Final = 0.4
"""How long `read` goes on where nothing but refused rows is found."""


class SqlOutboxSource:
    """Hands in what waits in the table; the README has every promise."""

    def __init__(
        self,
        options: Options,
        now: Callable[[], datetime],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect at the first `read`; `now` dates the marks.

        Raises ValueError when the options name no database or no party.
        """
        if options.database is None or options.party is None:
            raise ValueError("an outbox needs database and party")
        self._options = options
        self._now = now
        self._monotonic = monotonic
        self._outbox = Outbox(open_database(options.database.get_secret_value()), options)
        self._look_again = monotonic()
        self._claim: Claim | None = None
        self._pending: Batch | None = None

    def read(self) -> Batch | None:
        """The next batch, or None; the same batch again as long as it is not acknowledged.

        Rows that are no events are marked on the way and hold up nobody. Raises Later when the
        database does not answer or the table is not there.
        """
        until = self._monotonic() + LOOK_S
        while self._pending is None and self._look_again <= self._monotonic() < until:
            claim = self._outbox.claim(self._options.batch_events)
            if not claim.rows:
                self._look_again = self._monotonic() + self._options.poll_ms / 1000
            else:
                self._take(claim)
        return self._pending

    def close(self) -> None:
        """Let go of the database; what was not acknowledged is there for the next one."""
        self._pending = None
        if self._claim is not None:
            self._claim.let_go()
            self._claim = None
        self._outbox.close()

    def _take(self, claim: Claim) -> None:
        events: list[Event[Data]] = []
        keys: list[object] = []
        refused: dict[object, str] = {}
        problems: list[Problem] = []
        for row in claim.rows:
            try:
                events.append(event_of(row, self._options))
                keys.append(row.key)
            except Unreadable as unreadable:
                refused[row.key] = as_text(unreadable.problems)
                problems += unreadable.problems
        if events:
            self._claim = claim
            self._pending = Batch(events, lambda: self._acknowledge(claim, keys, refused, problems))
        else:
            claim.settle((), refused, self._now())
            _log_refused(refused, problems)

    def _acknowledge(
        self,
        claim: Claim,
        keys: list[object],
        refused: dict[object, str],
        problems: list[Problem],
    ) -> None:
        if self._claim is not claim:
            return
        claim.settle(keys, refused, self._now())
        self._claim = self._pending = None
        _log_refused(refused, problems)


def _log_refused(refused: dict[object, str], problems: list[Problem]) -> None:
    if refused:
        codes = sorted({str(one.code) for one in problems})
        log.warning("outbox_rows_refused", rows=len(refused), codes=codes)
