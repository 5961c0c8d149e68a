"""Opens the door on its address and closes it when told to."""

import threading
from collections.abc import Callable

import structlog
from fastapi import APIRouter

from connectors import serving
from connectors.base import Publish
from connectors.callers.address import address_of
from connectors.callers.entrance import Entrance
from connectors.http_api.app import create_app
from connectors.http_api.options import Options

log = structlog.get_logger()


def serve(
    options: Options,
    publish: Publish,
    entrance: Entrance,
    clock: Callable[[], float],
    stop: threading.Event,
    ready: Callable[[int], None] | None = None,
    *,
    beside: APIRouter | None = None,
) -> None:
    """Serve until `stop` is set; then answer what is open and return.

    `ready` is called with the port once requests are answered. Signals are the caller's matter.
    What is `beside` is served at the same address, with the same care around every request.
    Raises OSError when address or certificate cannot be had, and Broken when the server cannot
    start.
    """

    def opened(port: int) -> None:
        log.info("http_door_open", host=options.host, port=port)
        if ready is not None:
            ready(port)

    app = create_app(options, publish, entrance, clock)
    if beside is not None:
        app.include_router(beside)
    serving.serve(app, address_of(options), stop, opened)
    log.info("http_door_closed")
