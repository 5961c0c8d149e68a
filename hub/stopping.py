"""SIGTERM and Ctrl-C as a request to end well; the second one ends at once."""

import signal
import socket
import threading
from pathlib import Path
from types import FrameType
from typing import Final

from hub.alive import ShowingEvent, Sign

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def stop_on_signals(alive_file: Path | None = None) -> threading.Event:
    """An event that is set by the first signal; call it in the main thread.

    It is set whichever thread the system gives the signal to. Python runs handlers in the main
    thread alone, and does not wake it for a signal that another thread was given.
    `alive_file` is touched while loops look at the event.
    """
    stop = ShowingEvent(Sign(alive_file))
    hearing, told = socket.socketpair()
    told.settimeout(0)
    signal.set_wakeup_fd(told.detach())
    threading.Thread(target=_obey, args=(hearing, stop), name="stop", daemon=True).start()
    for number in SIGNALS:
        signal.signal(number, _let_the_next_end_it)
    return stop


def _obey(hearing: socket.socket, stop: threading.Event) -> None:
    while not set(hearing.recv(1)).intersection(SIGNALS):
        pass
    stop.set()


def _let_the_next_end_it(_number: int, _frame: FrameType | None) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
