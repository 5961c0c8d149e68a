"""Hears from the ledger's tables who has sent, so that silence is noticed.

The ledger and not the topics, because only there a sender's every event has a row by sender and
time, for 400 days: a topic keeps two weeks, and says who sent only inside its records.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Engine

from connectors.errors import Broken, Later
from connectors.sql.database import answering
from hub import wiring
from hub.monitor.senders import LEARNT, Senders
from hub.monitor.silence import Silence
from hub.monitor.snapshot import Snapshot
from hub.monitor.states import State
from hub.settings import Settings
from hub.stores.ledger.reading import NoLedger, open_ledger
from hub.stores.ledger.senders import sent_since

EVERY: Final = timedelta(minutes=1)
OVERLAP: Final = timedelta(hours=1)
"""Rows that come into the tables later than others are heard all the same."""
CURRENT: Final = (State.IDLE, State.OK)
log = structlog.get_logger()


class Hearing:
    """Reads the newest rows once a minute, and half a year of them at first."""

    def __init__(self, settings: Settings) -> None:
        """Open the tables when they are first needed."""
        parties = wiring.parties(settings).party
        self._senders = Senders({party.id: party.working_time for party in parties})
        self._url = settings.ledger.database.get_secret_value()
        self._on = settings.monitor.watch_senders
        self._workers = wiring.group(settings)
        self._engine: Engine | None = None
        self._heard_at: datetime | None = None
        self._deaf = False

    def silences(
        self, snapshot: Snapshot | None, now: datetime, strange: Collection[str]
    ) -> tuple[Silence, ...]:
        """How long the parties have been silent; what was known while the tables are behind."""
        known = snapshot.silences if snapshot else ()
        if not self._on or not self._hear(now):
            return known
        if snapshot is None or not self._is_current(snapshot):
            return known
        return self._senders.silences(now, strange)

    def close(self) -> None:
        """Let go of the database."""
        if self._engine is not None:
            self._engine.dispose()

    def _hear(self, now: datetime) -> bool:
        """Read what is new; False as long as the tables cannot be read."""
        if self._heard_at is not None and now - self._heard_at < EVERY:
            return True
        since = now - LEARNT if self._heard_at is None else self._heard_at - OVERLAP
        try:
            self._engine = self._engine or open_ledger(self._url)
            with answering(), self._engine.connect() as connection:
                self._senders.hear(sent_since(connection, since))
        except (NoLedger, Later, Broken) as error:
            if not self._deaf:
                log.warning("senders_not_heard", why=str(error))
            self._deaf = True
            return False
        self._heard_at, self._deaf = now, False
        return True

    def _is_current(self, snapshot: Snapshot) -> bool:
        """Whether what came in stands in the tables: workers and ledger sink have no arrears."""
        for group in (self._workers, f"{self._workers}.ledger"):
            states = {row.state for row in snapshot.rows if row.group == group}
            if not states or not states <= set(CURRENT):
                return False
        return snapshot.blind_since is None
