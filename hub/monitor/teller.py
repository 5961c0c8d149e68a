"""Tells incidents through a channel: each once, in order, for as long as it takes."""

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

import structlog

from hub.monitor.memory import Notice
from hub.monitor.poller import Poller

LOOK_S: Final = 0.5
FIRST_PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 300.0
log = structlog.get_logger()


class NotTold(Exception):
    """The channel did not take the notice; it is tried again."""


class Channel(Protocol):
    """A way to tell."""

    @property
    def name(self) -> str:
        """What it is called in the log and in the state."""

    def tell(self, notice: Notice) -> None:
        """Return once it is told; raises NotTold."""


def tell_all(
    poller: Poller,
    channel: Channel,
    stop: threading.Event,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Tell what the poller has for this channel until `stop` is set.

    After a failure it waits twice as long each time, five minutes at most. A crash between telling
    and noting it tells once more, under the same id.
    """
    pause_s, not_before = FIRST_PAUSE_S, clock()
    while not stop.wait(LOOK_S):
        if clock() < not_before:
            continue
        for notice in poller.untold(channel.name):
            try:
                channel.tell(notice)
            except NotTold as error:
                log.warning("alert_not_told", channel=channel.name, why=str(error))
                not_before, pause_s = clock() + pause_s, min(2 * pause_s, LONGEST_PAUSE_S)
                break
            poller.told(channel.name)
            log.info("alert_told", channel=channel.name, incident=notice.incident.id)
            pause_s = FIRST_PAUSE_S
