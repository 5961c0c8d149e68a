"""The trail by HTTP: a party sees what it sent and what was written to it."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from connectors.callers.entrance import Entrance
from connectors.callers.refusal import NotAdmitted
from connectors.callers.scopes import Scope
from connectors.errors import Later
from connectors.http_api.answers import answer
from connectors.http_api.codes import HttpCode
from connectors.http_api.problems import Finding, NotAccepted, turned_away
from hub.trail.trail import Trail
from hub.trail.wording import plain

PATH: Final = "/trace/{wanted}"
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
AWAY: Final = "The ledger does not answer; ask again later."
NOTHING: Final = "There is no case with this id in which you have part."


def trace_router(trace: Callable[[str, str], Sequence[Trail]], entrance: Entrance) -> APIRouter:
    """`GET /trace/{id}`, with the same JSON as `hub trace ID -o json`.

    `trace` gives what a party may see of the cases an id belongs to, and may raise Later.
    Unknown and not one's own are answered alike.
    """
    router = APIRouter()

    async def get(request: Request, wanted: str) -> Response:
        try:
            party = (await entrance.caller(request, Scope.TRACE)).party
            if line := getattr(request.state, "line", None):
                line.party = party  # for the door's line in the log
            is_id = ID.fullmatch(wanted) is not None
            found = await run_in_threadpool(trace, wanted, party) if is_id else ()
        except NotAdmitted as fault:
            return answer(turned_away(fault))
        except Later as later:
            return answer(NotAccepted([Finding(HttpCode.BUSY, AWAY)], later.retry_after_s))
        if not found:
            return answer(NotAccepted([Finding(HttpCode.NOT_FOUND, NOTHING)]))
        return JSONResponse(document(found))

    router.add_api_route(PATH, get, methods=["GET"], response_model=None)
    return router


def document(trails: Sequence[Trail]) -> dict[str, Any]:
    """What is answered."""
    return {"trails": [plain(trail) for trail in trails]}
