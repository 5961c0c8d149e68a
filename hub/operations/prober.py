"""Sends probes on a clock, beside the monitor, and keeps what became of the newest."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog

from hub.errors import HubError
from hub.monitor.probed import Probed, Round
from hub.operations.probe_plan import plan
from hub.operations.probing import go_round
from hub.settings import Settings
from schemas.vocabulary import Door

log = structlog.get_logger()


class Prober:
    """One round after the other; nothing where `monitor.probe.every_s` is 0."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        """Nothing is sent before `run`."""
        self._settings = settings
        self._now = now
        self._newest: Round | None = None

    @property
    def probed(self) -> tuple[Probed, ...] | None:
        """What became of the newest; none where none are sent, None before the first."""
        if not self._settings.monitor.probe.every_s:
            return ()
        return self._newest.probed if self._newest else None

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop; a round that takes long skips a beat."""
        options = self._settings.monitor.probe
        next_at = time.monotonic()
        while options.every_s and not stop.is_set():
            try:
                self._round(stop)
            except HubError as error:
                log.warning("probes_not_sent", why=str(error))
            next_at = max(next_at + options.every_s, time.monotonic())
            stop.wait(next_at - time.monotonic())
        stop.wait()

    def _round(self, stop: threading.Event) -> None:
        """One round; what is cut short by a stop says nothing."""
        options = self._settings.monitor.probe
        found = go_round(self._settings, plan(self._settings), self._now, options.within_s, stop)
        if stop.is_set():
            return
        if self._newest is None:
            for one in found.left_out:
                if one.name in list(Door):
                    log.info("door_not_probed", door=one.name, because=one.because)
        for probe in found.probed:
            if probe.stuck:
                log.warning(
                    "probe_stuck",
                    door=probe.door,
                    recipient=probe.recipient,
                    stage=probe.stuck.value,
                    at=probe.at,
                    objection=probe.objection,
                )
        self._newest = found
