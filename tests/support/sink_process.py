"""A sink loop as a process of its own: `python -m tests.support.sink_process URL BOOTSTRAP TOPIC`.

Ends with SIGTERM; what it raises ends it with 1.
"""

import signal
import sys
import threading
from datetime import UTC, datetime

from connectors.backoffice.sink import BackOffice
from connectors.runner.sink_loop import run_sink
from connectors.sql.database import open_database
from tests.support.deliveries import PARTY


def main(url: str, bootstrap: str, topic: str) -> None:
    """Run until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    sink = BackOffice(open_database(url), lambda: datetime.now(UTC))
    run_sink(sink, {"bootstrap_servers": bootstrap}, {topic: PARTY}, stop, f"{topic}.backoffice")


if __name__ == "__main__":
    main(*sys.argv[1:])
