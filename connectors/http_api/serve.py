"""Opens the door on its address and closes it when told to."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import structlog
import uvicorn

from connectors.base import Publish
from connectors.errors import Broken
from connectors.http_api.app import create_app
from connectors.http_api.options import Options

log = structlog.get_logger()


def serve(
    options: Options,
    publish: Publish,
    clock: Callable[[], float],
    stop: threading.Event,
    ready: Callable[[int], None] | None = None,
) -> None:
    """Serve until `stop` is set; then answer what is open and return.

    `ready` is called with the port once requests are answered. Signals are the caller's matter.
    Raises TokensUnreadable, OSError when address or certificate cannot be had, and Broken when
    the server cannot start.
    """
    app = create_app(options, publish, clock)
    with _listen(options.host, options.port) as listening:
        port: int = listening.getsockname()[1]

        def opened() -> None:
            log.info("http_door_open", host=options.host, port=port)
            if ready is not None:
                ready(port)

        server = _Server(_config(options, app), stop, opened)
        try:
            asyncio.run(server.serve(sockets=[listening]))
        except SystemExit as failed:
            raise Broken("The HTTP door could not start.") from failed
        finally:
            log.info("http_door_closed", port=port)


class _Server(uvicorn.Server):
    """Says when it is open, closes when told, and leaves signals to whoever called."""

    def __init__(
        self, config: uvicorn.Config, stop: threading.Event, opened: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._stop = stop
        self._opened = opened

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._opened()

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._stop.is_set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(options: Options, app: Callable[..., object]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=options.max_connections,
        timeout_graceful_shutdown=options.stop_timeout_s,
        ssl_certfile=options.tls_certificate,
        ssl_keyfile=options.tls_key,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=1024)
    # Inherited by every connection; without it each answer waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
