"""An outbox door as a process: `python -m tests.broker.outbox_process TOLD`."""

import threading
from contextlib import closing

from connectors.runner.publisher import Publisher
from connectors.runner.source_loop import run_source
from connectors.sql_outbox.options import Options
from connectors.sql_outbox.source import SqlOutboxSource
from tests.broker.until_sigterm import Told, now, until_sigterm


def run(told: Told, stop: threading.Event) -> None:
    """Publish what lies in the outbox."""
    source = SqlOutboxSource(Options.model_validate(told["options"]), now)
    connection = {"bootstrap_servers": told["bootstrap"]}
    with closing(Publisher(connection, told["prefix"], timeout_s=10)) as publish:
        run_source(source, publish, stop)


if __name__ == "__main__":
    until_sigterm(run)
