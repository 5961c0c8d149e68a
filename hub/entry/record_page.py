"""The page on which an auditor reads who came in."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.entry.lobby import Lobby
from hub.entry.writer import Pages

PATH: Final = "/record"
PER_PAGE: Final = 100
MOST_DIGITS: Final = 18


def routes(lobby: Lobby, pages: Pages) -> Sequence[Route]:
    """The page."""
    return (Route(PATH, partial(_show, lobby, pages), methods=["GET"], name="record"),)


def _show(lobby: Lobby, pages: Pages, request: Request) -> Response:
    before = request.query_params.get("before")
    if before is not None and not (before.isascii() and before.isdigit()):
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    if before is not None and len(before) > MOST_DIGITS:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    lines = lobby.kept.record.latest(PER_PAGE, None if before is None else int(before))
    older = lines[-1][0] if len(lines) == PER_PAGE else None
    values = {"entries": [entry for _, entry in lines], "older": older}
    return pages.answer(request, "record.html", values)
