"""Looks up which address is asked for, and lets in only whose role may be answered there."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.access.clerk import Clerk
from hub.access.roles import Right
from hub.entry.addresses import Addresses, Need


def clerk_of(request: Request) -> Clerk:
    """Who is asking; the accounts let nobody through whom they do not know."""
    clerk: Clerk = request.state.clerk
    return clerk


class Addressed:
    """Stands before the accounts: puts the address and what it needs on each request."""

    def __init__(self, app: ASGIApp, addresses: Addresses) -> None:
        """Look it up in the table."""
        self._app = app
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":
            state = Request(scope).state
            state.address = name = self._addresses.name(scope)
            state.need = self._addresses.need(name)
            state.is_polled = self._addresses.is_polled(name)
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
        need: Need = request.state.need
        if isinstance(need, Right) and not clerk_of(request).may(need):
            await self._page(request)(scope, receive, send)
            return
        await self._app(scope, receive, send)
