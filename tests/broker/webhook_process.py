"""A webhook as a process: `python -m tests.broker.webhook_process TOLD`."""

import random
import threading
import time
from functools import partial

from connectors.runner.sink_loop import run_sink
from connectors.webhook.client import Client
from connectors.webhook.clock import Clock
from connectors.webhook.options import Options
from connectors.webhook.sender import Sender
from connectors.webhook.sending import send_all
from connectors.webhook.sink import Webhook
from connectors.webhook.store import Store
from tests.broker.until_sigterm import Told, now, together, until_sigterm

KEY = b"an invented secret of 32 bytes.."


def run(told: Told, stop: threading.Event) -> None:
    """Call the receivers with what lies on the topics."""
    options = Options.model_validate(told["options"])
    clock = Clock(now, time.monotonic, random.random)
    senders = [
        Sender(party, [KEY], Store(options.store), Client(url, options), options, clock)
        for party, url in options.receivers.items()
    ]
    sink = Webhook(Store(options.store), now, options.max_waiting)
    connection = {"bootstrap_servers": told["bootstrap"]}
    together(
        stop,
        partial(run_sink, sink, connection, told["topics"], stop, told["group"]),
        partial(send_all, senders, options.store, stop),
    )


if __name__ == "__main__":
    until_sigterm(run)
