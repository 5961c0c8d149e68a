"""Writes the board's pages: a template, in the language of who asks."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hub.access.options import LOOPBACK
from hub.audit.keeping import NotAudited
from hub.board.board import Board
from hub.board.templating import environment
from hub.board.wording import Wording, wording_of
from hub.entry.words import AWAY, NOT_AUDITED, Says
from hub.language import Language
from hub.pages.languages import language_of
from hub.pages.marking import N_

MISDIRECTED: Final = 421
NOWHERE: Final = N_("There is nothing at this address.")
ONLY_SHOWS: Final = N_("The board only shows; nothing can be done here.")
NOT_READ: Final = N_("The form or the address is not one of ours, or not complete.")
REFUSED: Final = {
    400: NOT_READ,
    405: ONLY_SHOWS,
    MISDIRECTED: N_("Ask under 127.0.0.1 or localhost, or allow others by monitor.allow_public."),
}
BROKEN: Final = N_("Something went wrong on our side. It stands in the monitor's log.")
MAY_NOT: Final = (
    N_("Your account may not do this"),
    N_("It needs the role of an operator: hub operator role NAME operator. Nothing was changed."),
)
NO_BROKER: Final = (
    N_("Kafka does not answer right now"),
    N_("Nothing is shown. What was written down before that stands on the letter's page."),
)


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
    pose as it by DNS. Where there are accounts, they have looked at the name before.
    """
    is_open = board.is_public or board.desk is not None or _is_local(request)
    if status < 400 and not is_open:  # noqa: PLR2004 - a refusal
        raise HTTPException(MISDIRECTED)
    language = language_of(request)
    query = f"?{request.url.query}" if request.url.query else ""
    whole = {
        "language": language,
        "languages": list(Language),
        "here": request.url.path + query,
        "place": request.url.path,
        "request": request,
        "clerk": getattr(request.state, "clerk", None),
        "has_desk": board.desk is not None,
        "name_of": board.name_of,
        "wall": "wall" in request.query_params,
        "static": board.static.address,
        "now": board.now(),
        "party_names": board.names.parties,
        **board.around(request),
        **values,
    }
    page = environment(language).get_template(template).render(whole)
    return HTMLResponse(page, status, {"Content-Language": language, **(headers or {})})


def refusal(board: Board, request: Request, error: Exception) -> Response:
    """Why nothing is shown."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    says = REFUSED.get(status, NOWHERE)
    says = NOWHERE if board.desk and says is ONLY_SHOWS else says
    return refused(board, request, (says, ""), status)


def away(board: Board, request: Request, error: Exception) -> Response:
    """What is shown when the accounts' database or the audit is away."""
    return refused(board, request, NOT_AUDITED if isinstance(error, NotAudited) else AWAY, 503)


def no_broker(board: Board, request: Request, _error: Exception) -> Response:
    """What is shown when Kafka is away."""
    return refused(board, request, NO_BROKER, 503)


def may_not(board: Board, request: Request) -> Response:
    """What is shown to a role that may not."""
    return refused(board, request, MAY_NOT, 403)


def broken(board: Board, request: Request) -> Response:
    """What is shown when a page has a fault."""
    return refused(board, request, (BROKEN, ""), 500)


def refused(board: Board, request: Request, says: Says, status: int) -> Response:
    """A title and an advice."""
    title, advice = says
    return answer(board, request, "refused.html", {"title": title, "advice": advice}, status)


class Writer:
    """Writes the pages of coming in and going out like all the others of the board."""

    def __init__(self, board: Board) -> None:
        """Write for this board."""
        self._board = board

    def wording(self, request: Request) -> Wording:
        """The words in the language of who asks."""
        return said(request)

    def answer(
        self, request: Request, template: str, values: Mapping[str, object], status: int = 200
    ) -> HTMLResponse:
        """The page of this template with these values."""
        return answer(self._board, request, template, values, status)


def _is_local(request: Request) -> bool:
    asked = request.headers.get("host", "").lower()
    return urlsplit(f"//{asked}").hostname in LOOPBACK
