"""Keeps the mailboxes tidy: old content is erased, old notes are forgotten, both are said."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from connectors.mailbox.options import Options
from connectors.mailbox.store import Store
from connectors.runner.patience import regularly

log = structlog.get_logger()
EVERY_S: Final = 600.0
"""How often it is looked, in seconds."""


class Upkeep:
    """What has to be done now and then."""

    def __init__(self, store: Store, options: Options, now: Callable[[], datetime]) -> None:
        """Do it in `store`, which is closed by `run`."""
        self._store = store
        self._options = options
        self._now = now

    def run(self, stop: threading.Event) -> None:
        """Do it until `stop` is set; then close."""
        try:
            regularly(self.step, stop, "tidy the mailboxes", EVERY_S)
        finally:
            self._store.close()

    def step(self) -> None:
        """Erase and forget what is due; raises Later when the database is away."""
        now = self._now()
        expired = self._store.expire(now - timedelta(days=self._options.expire_days), now)
        forgotten = self._store.forget(now - timedelta(days=self._options.keep_days))
        if expired:
            log.error("mailbox_items_expired", items=expired, days=self._options.expire_days)
        if forgotten:
            log.info("mailbox_items_forgotten", items=forgotten)
