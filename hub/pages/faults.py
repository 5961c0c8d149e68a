"""A fault of ours is answered with a page; the log has its place, never what it was about."""

import traceback
from collections.abc import Callable

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()


class Faults:
    """Stands outermost but for the headers: no fault is left unanswered, none is quoted."""

    def __init__(self, app: ASGIApp, page: Callable[[Request], Response]) -> None:
        """`page` is what is shown then."""
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except ClientDisconnect:
            log.debug("web_client_left")
        except Exception as fault:  # noqa: BLE001 - its message may hold content, so it ends here
            _report(fault)
            if not begun:
                await self._page(Request(scope))(scope, receive, send)


def _report(fault: Exception) -> None:
    last = traceback.extract_tb(fault.__traceback__)[-1]
    log.error("web_fault", error=type(fault).__name__, where=f"{last.name}:{last.lineno}")
