"""What the connectors have in common that tests run as processes of their own.

Each is told in JSON what it needs to know, says `ready` on stdout when SIGTERM ends it well, and
ends with 1 when something is raised.
"""

import json
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Any, Final

from hub import log

Told = dict[str, Any]
READY: Final = "ready"


def until_sigterm(run: Callable[[Told, threading.Event], None]) -> None:
    """Run it until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    log.set_up()
    tell(READY)
    run(json.loads(sys.argv[1]), stop)


def together(stop: threading.Event, *acts: Callable[[], None]) -> None:
    """Do all at a time; the first that ends, ends them all, and what it raised is raised."""
    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(act) for act in acts]
        wait(running, return_when=FIRST_COMPLETED)
        stop.set()
    for one in running:
        one.result()


def tell(what: object) -> None:
    """On stdout, where nothing else is said."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def now() -> datetime:
    """The machine's own clock."""
    return datetime.now(UTC)
