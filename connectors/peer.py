"""Who is at the other end of a TLS connection, for the application (ASGI's TLS extension).

Uvicorn does not offer it: https://asgi.readthedocs.io/en/latest/specs/tls.html
"""

import asyncio
import ssl
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send


class WithPeer:
    """ASGI application before another: adds what the connection knows of its peer."""

    def __init__(self, app: ASGIApp, connection: ssl.SSLObject) -> None:
        """Read it once, when the connection is made: it stays."""
        shown = connection.getpeercert(binary_form=True)
        self._app = app
        self._tls: dict[str, Any] = {
            "server_cert": None,
            "client_cert_chain": [ssl.DER_cert_to_PEM_cert(shown)] if shown else [],
            "client_cert_name": None,
            "client_cert_error": None,
            "tls_version": _VERSIONS.get(connection.version() or ""),
            "cipher_suite": None,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        scope.setdefault("extensions", {})["tls"] = self._tls
        await self._app(scope, receive, send)


_VERSIONS = {"TLSv1.2": 0x0303, "TLSv1.3": 0x0304}


def with_peer(app: ASGIApp, transport: asyncio.BaseTransport) -> ASGIApp:
    """The application that knows its peer, where the connection is by TLS."""
    connection = transport.get_extra_info("ssl_object")
    return app if connection is None else WithPeer(app, connection)
