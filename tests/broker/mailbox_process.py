"""A mailbox as a process: `python -m tests.broker.mailbox_process TOLD`; tells its port."""

import threading
import time
from contextlib import closing
from functools import partial

from connectors.mailbox.app import create_app
from connectors.mailbox.options import Options
from connectors.mailbox.serve import serve
from connectors.mailbox.sink import Mailboxes
from connectors.mailbox.store import Store
from connectors.mailbox.upgrade import upgrade
from connectors.runner.sink_loop import run_sink
from connectors.sql.database import open_database
from tests.broker.until_sigterm import Told, now, tell, together, until_sigterm
from tests.support.callers import entrance_for


def run(told: Told, stop: threading.Event) -> None:
    """Keep what lies on the topics for whoever calls with `Bearer <party>`."""
    options = Options.model_validate(told["options"])
    url = options.database.get_secret_value()
    upgrade(url)
    connection = {"bootstrap_servers": told["bootstrap"]}
    sink = Mailboxes(open_database(url), now)
    entrance = entrance_for({party: party for party in options.parties})
    with closing(Store(open_database(url))) as store:
        app = create_app(options, store, entrance, now, time.monotonic, stop)
        together(
            stop,
            partial(run_sink, sink, connection, told["topics"], stop, told["group"]),
            partial(serve, app, options, stop, tell),
        )


if __name__ == "__main__":
    until_sigterm(run)
