"""Items that nobody has acknowledged in time, as a source of events for those who sent them."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog

from connectors.base import Batch
from connectors.mailbox.store import Store, Uncollected
from schemas.data import Data
from schemas.envelope import Event

log = structlog.get_logger()
EVERY_S: Final = 60.0
"""How long to wait between two looks, in seconds."""
BATCH: Final = 100

Say = Callable[[Uncollected], Event[Data] | None]
"""What is published of an item, if somebody has to be told. Its id must be derived from the item:
it may be said twice."""
LateBefore = Callable[[str], datetime]
"""The time before which an item must have come to this party to be late now."""


class Notices:
    """Says of each item once that it was not acknowledged; again only after a crash.

    When an item is late is the caller's to say: working days are the party's own affair.
    """

    def __init__(
        self,
        store: Store,
        parties: Sequence[str],
        say: Say,
        late_before: LateBefore,
        now: Callable[[], datetime],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        every_s: float = EVERY_S,
    ) -> None:
        """Look into the mailboxes of these parties, now and then; `now` dates what was said."""
        self._store = store
        self._parties = parties
        self._say = say
        self._late_before = late_before
        self._now = now
        self._monotonic = monotonic
        self._every_s = every_s
        self._look_again = monotonic()
        self._pending: Batch | None = None

    def read(self) -> Batch | None:
        """The next notices, or None; the same again as long as they are not acknowledged.

        Raises Later when the database is away.
        """
        if self._pending is None and self._monotonic() >= self._look_again:
            late = self._late()
            if late:
                said = [self._say(one) for one in late]
                events = [event for event in said if event is not None]
                self._pending = Batch(events, lambda: self._acknowledge(late))
            else:
                self._look_again = self._monotonic() + self._every_s
        return self._pending

    def close(self) -> None:
        """Let go of the database."""
        self._pending = None
        self._store.close()

    def _late(self) -> Sequence[Uncollected]:
        """What is late at the first party that has anything late."""
        for party in self._parties:
            late = self._store.uncollected(party, self._late_before(party), BATCH)
            if late:
                return late
        return ()

    def _acknowledge(self, late: Sequence[Uncollected]) -> None:
        if self._pending is None:
            return
        self._store.noticed(late, self._now())
        self._pending = None
        oldest = min(one.received_at for one in late)
        log.warning("mailbox_uncollected", party=late[0].party, items=len(late), oldest=oldest)
