"""Opens the mailbox on its address and closes it when told to."""

import threading
from collections.abc import Callable

import structlog
from starlette.applications import Starlette

from connectors import serving
from connectors.callers.address import address_of
from connectors.mailbox.options import Options

log = structlog.get_logger()


def serve(
    app: Starlette,
    options: Options,
    stop: threading.Event,
    ready: Callable[[int], None] | None = None,
) -> None:
    """Serve until `stop` is set; then answer what is open and return.

    `ready` is called with the port once requests are answered. Signals are the caller's matter.
    Raises OSError when address or certificate cannot be had, and Broken when the server cannot
    start.
    """

    def opened(port: int) -> None:
        log.info("mailbox_open", host=options.host, port=port)
        if ready is not None:
            ready(port)

    serving.serve(app, address_of(options), stop, opened)
    log.info("mailbox_closed")
