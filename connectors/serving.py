"""Serves a web application at its address until it is time to stop."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from connectors.connection import HEAD_S, Connection
from connectors.errors import Broken
from connectors.request_head import MAX_HEAD_BYTES, RequestHead
from connectors.safe_headers import SafeHeaders


@dataclass(frozen=True, slots=True)
class Address:
    """Where it is served, and how."""

    host: str
    port: int
    """0 takes a free one."""
    certificate: Path | None = None
    """With `key`, both PEM, it is served by HTTPS."""
    key: Path | None = None
    max_connections: int = 512
    """How many are held at once."""
    stop_timeout_s: int = 30
    """How long open requests are waited for at the end."""
    client_ca: Path | None = None
    """Certificates (PEM) of who signs those of callers; with it they are asked for theirs."""
    client_needed: bool = False
    """Whether a caller without one is turned away."""


def serve(
    app: ASGIApp, address: Address, stop: threading.Event, opened: Callable[[int], None]
) -> None:
    """Serve until `stop` is set; then answer what is open and return.

    `opened` is called with the port once requests are answered. Signals are the caller's matter.
    Raises OSError when address or certificate cannot be had, and Broken when the application
    cannot start.
    """
    with listen(address.host, address.port) as listening:
        port: int = listening.getsockname()[1]
        server = _Server(_config(app, address), stop, lambda: opened(port))
        try:
            with asyncio.Runner(loop_factory=_Loop) as runner:
                runner.run(server.serve(sockets=[listening]))
        except SystemExit as failed:
            raise Broken("The web application could not start.") from failed


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections there; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=1024)
    # Inherited by every connection; without it each answer waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


class _Loop(asyncio.SelectorEventLoop):
    """Waits no longer for a client's side of TLS than for the head of its request."""

    async def create_server(self, *args: Any, **how: Any) -> asyncio.Server:  # noqa: ANN401 - asyncio's own
        if how.get("ssl") is not None:
            how.setdefault("ssl_handshake_timeout", HEAD_S)
        return await super().create_server(*args, **how)


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


def _config(app: ASGIApp, address: Address) -> uvicorn.Config:
    return uvicorn.Config(
        SafeHeaders(RequestHead(app)),
        http=Connection,
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=address.max_connections,
        timeout_graceful_shutdown=address.stop_timeout_s,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
        ssl_ca_certs=address.client_ca,
        ssl_cert_reqs=_asked(address),
    )


def _asked(address: Address) -> ssl.VerifyMode:
    if address.client_ca is None:
        return ssl.CERT_NONE
    return ssl.CERT_REQUIRED if address.client_needed else ssl.CERT_OPTIONAL
