"""Writes the board's pages: a template, in the language of who asks."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hub.access.options import LOOPBACK
from hub.board.board import Board
from hub.board.templating import environment
from hub.board.wording import Wording, wording_of
from hub.pages.languages import Language, language_of
from hub.pages.marking import N_

MISDIRECTED: Final = 421
REFUSED: Final = {
    404: N_("There is nothing at this address."),
    405: N_("The board only shows; nothing can be done here."),
    MISDIRECTED: N_("Ask under 127.0.0.1 or localhost, or allow others by monitor.allow_public."),
}
BROKEN: Final = N_("Something went wrong on our side. It stands in the monitor's log.")


def said(request: Request) -> Wording:
    """The words in the language of who asks."""
    return wording_of(language_of(request))


def answer(
    board: Board,
    request: Request,
    template: str,
    values: Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page of this template with these values.

    Without `monitor.allow_public` only under the names of this machine: no page elsewhere can
    pose as it by DNS.
    """
    if status < 400 and not (board.is_public or _is_local(request)):  # noqa: PLR2004 - a refusal
        raise HTTPException(MISDIRECTED)
    language = language_of(request)
    query = f"?{request.url.query}" if request.url.query else ""
    whole = {
        "language": language,
        "languages": list(Language),
        "here": request.url.path + query,
        "place": request.url.path,
        "wall": "wall" in request.query_params,
        "static": board.static.address,
        "now": board.now(),
        "party_names": board.names.parties,
        **values,
    }
    page = environment(language).get_template(template).render(whole)
    return HTMLResponse(page, status, {"Content-Language": language, **(headers or {})})


def refusal(board: Board, request: Request, error: Exception) -> Response:
    """Why nothing is shown."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    says = REFUSED.get(status, REFUSED[404])
    return answer(board, request, "refused.html", {"says": says}, status)


def broken(board: Board, request: Request) -> Response:
    """What is shown when a page has a fault."""
    return answer(board, request, "refused.html", {"says": BROKEN}, 500)


def _is_local(request: Request) -> bool:
    asked = request.headers.get("host", "").lower()
    return urlsplit(f"//{asked}").hostname in LOOPBACK
