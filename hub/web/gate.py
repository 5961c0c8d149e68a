"""Looks up which address is asked for, and lets in only whose role may be answered there."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.access.roles import Right
from hub.web.access import clerk_of
from hub.web.addresses import Addresses, need_of


class Addressed:
    """Stands before the accounts: puts the name of the address on each request."""

    def __init__(self, app: ASGIApp, addresses: Addresses) -> None:
        """Look it up in the table."""
        self._app = app
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":
            Request(scope).state.address = self._addresses.name(scope)
        await self._app(scope, receive, send)


class Gate:
    """Stands behind the accounts: the role must have the right that the address needs."""

    def __init__(self, app: ASGIApp, page: Callable[[Request], Response]) -> None:
        """`page` is what is shown to others."""
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        need = need_of(request.state.address)
        if isinstance(need, Right) and not clerk_of(request).may(need):
            await self._page(request)(scope, receive, send)
            return
        await self._app(scope, receive, send)
