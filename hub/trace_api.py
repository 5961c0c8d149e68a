"""The trail by HTTP: a party sees what it sent and what was written to it."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from connectors.errors import Later
from connectors.http_api.answers import answer
from connectors.http_api.codes import HttpCode
from connectors.http_api.problems import Finding, NotAccepted, refusal
from connectors.http_api.tokens import bearer
from hub.trail.trail import Trail
from hub.trail.wording import plain

PATH: Final = "/trace/{wanted}"
CHALLENGE: Final = 'Bearer realm="kurze-wege"'
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
AWAY: Final = "The ledger does not answer; ask again later."
NOTHING: Final = "There is no case with this id in which you have part."


def trace_router(
    trace: Callable[[str, str], Sequence[Trail]], party_of: Callable[[str], str | None]
) -> APIRouter:
    """`GET /trace/{id}`, with the same JSON as `hub trace ID -o json`.

    `trace` gives what a party may see of the cases an id belongs to, and may raise Later;
    `party_of` names the holder of a token. Unknown and not one's own are answered alike.
    """
    router = APIRouter()

    def get(request: Request, wanted: str) -> Response:
        try:
            party = _party(request, party_of)
            if line := getattr(request.state, "line", None):
                line.party = party  # for the door's line in the log
            found = trace(wanted, party) if ID.fullmatch(wanted) else ()
        except NotAccepted as refused:
            return answer(refused)
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


def _party(request: Request, party_of: Callable[[str], str | None]) -> str:
    shown = request.headers.getlist("authorization")
    if not shown:
        headers = {"WWW-Authenticate": CHALLENGE}
        raise refusal(HttpCode.AUTHORIZATION_MISSING, headers=headers)
    token = bearer(shown[0]) if len(shown) == 1 else None
    party = party_of(token) if token else None
    if party is None:
        headers = {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
        raise refusal(HttpCode.AUTHORIZATION_UNKNOWN, headers=headers)
    return party
