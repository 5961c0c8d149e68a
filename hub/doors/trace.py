"""The trail by HTTP: what stands behind `GET /trace/{id}` at the HTTP door."""

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from connectors.errors import Later
from hub.settings import Settings

if TYPE_CHECKING:
    from fastapi import APIRouter

    from connectors.callers.entrance import Entrance
    from hub.trail.trail import Trail
    from hub.trails import Trails

RETRY_AFTER_S: Final = 5.0
"""When to ask again for tables that are not there yet, in seconds."""


def trace_at_the_door(settings: Settings, entrance: "Entrance") -> "APIRouter":
    """The address for who may come in here; the tables are opened when first asked."""
    from hub.trace_api import trace_router

    return trace_router(_Asked(settings).trace, entrance)


class _Asked:
    """Opens the ledger's tables once they are there, and keeps them open."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._trails: Trails | None = None

    def trace(self, wanted: str, party: str) -> "list[Trail]":
        """What the party may see of it; raises Later as long as there are no tables."""
        return self._opened().trace(wanted, datetime.now(UTC), party)

    def _opened(self) -> "Trails":
        from hub.stores.ledger.reading import NoLedger
        from hub.trails import Trails

        with self._lock:
            if self._trails is None:
                try:
                    self._trails = Trails(self._settings)
                except NoLedger as error:
                    raise Later(RETRY_AFTER_S, str(error)) from error
            return self._trails
