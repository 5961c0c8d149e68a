"""The door as a web application: its few addresses, and what stands behind each."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from connectors.base import Publish
from connectors.callers.entrance import Entrance
from connectors.http_api.access import Access, Line
from connectors.http_api.answers import answer
from connectors.http_api.codes import HttpCode
from connectors.http_api.openapi import describe
from connectors.http_api.options import Options
from connectors.http_api.page import page
from connectors.http_api.problems import refusal
from connectors.http_api.reception import Reception

EVENTS = "/events"


class Door(FastAPI):
    """The application; its OpenAPI document is written from the contract, not from signatures."""

    description_of_door: dict[str, Any]

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return self.description_of_door


def create_app(
    options: Options, publish: Publish, entrance: Entrance, clock: Callable[[], float]
) -> FastAPI:
    """The door for these options.

    `publish` blocks until Kafka has the events and is called from one thread; `clock` counts
    seconds and never goes back.
    """
    reception = Reception(options, publish, entrance, clock)

    @asynccontextmanager
    async def until_closed(_: FastAPI) -> AsyncIterator[None]:
        yield
        await reception.close()

    app = Door(
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=until_closed,
        exception_handlers={HTTPException: _no_such_address},
    )
    app.description_of_door = describe(options)
    app.add_middleware(Access, clock=clock)
    app.add_api_route(EVENTS, reception.post, methods=["POST"], response_model=None)
    app.add_api_route("/healthz", _healthz, methods=["GET"])
    app.add_api_route("/docs", _docs, methods=["GET"], response_model=None)
    return app


async def _healthz() -> dict[str, str]:
    """The process is up; whether Kafka is, is not said here."""
    return {"status": "up"}


async def _docs() -> Response:
    """The problem codes and where the OpenAPI document is."""
    return HTMLResponse(page())


async def _no_such_address(request: Request, fault: Exception) -> JSONResponse:
    known = isinstance(fault, HTTPException) and fault.status_code == 405  # noqa: PLR2004 - HTTP
    code = HttpCode.METHOD_NOT_ALLOWED if known else HttpCode.NOT_FOUND
    line: Line = request.state.line
    line.codes = (str(code),)
    headers = fault.headers if isinstance(fault, HTTPException) else None
    return answer(refusal(code, headers=headers))
