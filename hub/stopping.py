"""SIGTERM and Ctrl-C as a request to end well; the second one ends at once."""

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Final

from hub.alive import ShowingEvent, Sign

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def stop_on_signals(alive_file: Path | None = None) -> threading.Event:
    """An event that is set by the first signal; call it in the main thread.

    `alive_file` is touched while loops look at the event.
    """
    stop = ShowingEvent(Sign(alive_file))

    def ask(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        # Not here: the main thread may hold the event's lock at this very moment.
        threading.Thread(target=stop.set, name="stop").start()

    for number in SIGNALS:
        signal.signal(number, ask)
    return stop
