"""The headers on every answer of every address: nothing is sniffed, framed, kept, told further."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""What an answer says unless it says otherwise itself."""
YEAR_OF_TLS: Final = "max-age=31536000; includeSubDomains"


def of(scheme: str) -> dict[str, str]:
    """The headers of an answer by this scheme."""
    return ALWAYS | ({"Strict-Transport-Security": YEAR_OF_TLS} if scheme == "https" else {})


class SafeHeaders:
    """ASGI middleware before everything that answers; what an answer says itself stands."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in of(scope["scheme"]).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, safely)
