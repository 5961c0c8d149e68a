"""All receivers at a time, each in a thread of its own, and never by two processes at once."""

import fcntl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from connectors.webhook.sender import Sender

LOOK_S: Final = 0.5
"""How often it is looked whether the other process has ended."""
log = structlog.get_logger()


def send_all(senders: Sequence[Sender], store: Path, stop: threading.Event) -> None:
    """Send until `stop` is set; while another process sends from this store, stand by.

    What one sender raises ends them all, and is raised.
    """
    with _alone(store, stop) as ours:
        if not ours:
            return
        with ThreadPoolExecutor(len(senders), thread_name_prefix="webhook") as pool:
            sending = [pool.submit(sender.run, stop) for sender in senders]
            wait(sending, return_when=FIRST_EXCEPTION)
            stop.set()
    for one in sending:
        one.result()


@contextmanager
def _alone(store: Path, stop: threading.Event) -> Iterator[bool]:
    """True once nobody else sends; the lock goes with the process, however it ends."""
    store.parent.mkdir(parents=True, exist_ok=True)
    with store.with_name(f"{store.name}.sending").open("ab") as lock:
        standing_by = False
        while not stop.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not standing_by:
                    standing_by = True
                    log.info("webhook_standing_by")
                stop.wait(LOOK_S)
            else:
                yield True
                return
        yield False
