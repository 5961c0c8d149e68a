"""The mailbox as a web application: its few addresses, and what stands behind each."""

import threading
from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.callers.entrance import Entrance
from connectors.callers.refusal import NotAdmitted
from connectors.errors import Later
from connectors.mailbox import answers
from connectors.mailbox.access import Access, Line
from connectors.mailbox.answers import NotAnswered
from connectors.mailbox.codes import Code
from connectors.mailbox.desk import Desk, refused
from connectors.mailbox.options import Options
from connectors.mailbox.store import Store

Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(
    options: Options,
    store: Store,
    entrance: Entrance,
    now: Callable[[], datetime],
    clock: Callable[[], float],
    stop: threading.Event,
) -> Starlette:
    """The mailbox for these options.

    `clock` counts seconds; when `stop` is set, requests that wait for new items are answered.
    """
    desk = Desk(store, options, entrance, now, stop)
    here = "/mailbox/{party}"
    app = Starlette(
        routes=[
            _get(here, desk.items),
            _get(f"{here}/{{item}}", desk.item),
            Route(f"{here}/{{item}}/acknowledge", desk.acknowledge, methods=["POST"]),
            _get("/healthz", _healthz),
        ],
        middleware=[Middleware(Access, clock=clock)],
        exception_handlers={
            NotAdmitted: refused,
            NotAnswered: refused,
            Later: refused,
            HTTPException: _no_such_address,
        },
    )
    app.router.redirect_slashes = False
    return app


def _get(path: str, answer: Endpoint) -> Route:
    """Only GET: a HEAD would note that an item was fetched, and nobody would have it."""
    route = Route(path, answer, methods=["GET"])
    route.methods = {"GET"}
    return route


async def _healthz(_: Request) -> Response:
    """The process is up; whether the database is, is not said here."""
    return JSONResponse({"status": "up"})


async def _no_such_address(request: Request, fault: Exception) -> Response:
    known = isinstance(fault, HTTPException) and fault.status_code == 405  # noqa: PLR2004 - HTTP
    code = Code.METHOD_NOT_ALLOWED if known else Code.NOT_FOUND
    line: Line = request.state.line
    line.code = str(code)
    headers = fault.headers if isinstance(fault, HTTPException) else None
    return answers.problem(NotAnswered(code, headers=headers))
