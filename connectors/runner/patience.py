"""Tries again what said Later, until it works or until it is time to stop."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import structlog

from connectors.errors import Later

T = TypeVar("T")
log = structlog.get_logger()


class Stopped(Exception):
    """It is time to stop; what was tried has not been done."""


def patiently(act: Callable[[], T], stop: threading.Event, doing: str) -> T:
    """What `act` returns, tried again for as long as it raises Later.

    Logs one line when the waiting starts and one when it is over. Raises Stopped when `stop` is
    set while waiting; whatever else `act` raises goes through.
    """
    since: float | None = None
    while True:
        try:
            result = act()
        except Later as later:
            if since is None:
                since = time.monotonic()
                log.warning("waiting", doing=doing, why=later.why)
            if stop.wait(later.retry_after_s):
                raise Stopped from None
        else:
            if since is not None:
                log.info("working_again", doing=doing, waited_s=round(time.monotonic() - since, 1))
            return result


def regularly(act: Callable[[], object], stop: threading.Event, doing: str, every_s: float) -> None:
    """Do it now and then until `stop` is set, patiently each time."""
    with suppress(Stopped):
        while not stop.is_set():
            patiently(act, stop, doing)
            stop.wait(every_s)
